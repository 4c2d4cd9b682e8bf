/** Of one caller. Each preview lists all matching jobs of all systems. */
export const maxPreviewsAtOnce = 5;

/** Limits the concurrent previews of each caller. */
export interface PreviewTurns {
  /** Counts a preview until the returned function is called. Null: the caller has the maximum number in progress. */
  begin(caller: string): (() => void) | null;
}

export function createPreviewTurns(): PreviewTurns {
  const open = new Map<string, number>();
  return {
    begin(caller) {
      const before = open.get(caller) ?? 0;
      if (before >= maxPreviewsAtOnce) return null;
      open.set(caller, before + 1);
      return () => {
        const left = (open.get(caller) ?? 0) - 1;
        if (left > 0) open.set(caller, left);
        else open.delete(caller);
      };
    },
  };
}
