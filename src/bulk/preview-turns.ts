/** Of one caller. Each lists all jobs that match, of all systems. */
export const maxPreviewsAtOnce = 5;

/** Bounds the previews that one caller makes at one time. */
export interface PreviewTurns {
  /** Counts a preview; what it gives back ends it. Null: the caller makes as many as allowed. */
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
