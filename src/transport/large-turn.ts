import type { Places } from '../concurrency/places.ts';

export interface LargeAnswers {
  /** Who sends them. The answers of all senders are parsed one at a time, senders taking turns. */
  sender: string;
  /** Where each waits until there is memory to read its rest. */
  places: Places;
  /** For whom the answer is. */
  caller: string;
}

/** The turn of one large answer. */
export interface LargeTurn {
  sender: string;
  /** False: it ended before. */
  isTaken(): Promise<boolean>;
  /** Aborted when it ends. */
  signal: AbortSignal;
  end(): void;
}

export function createLargeTurn({ sender, places, caller }: LargeAnswers): LargeTurn {
  const ended = new AbortController();
  const place = places.wait({ caller, purpose: 'read', signal: ended.signal });
  return {
    sender,
    isTaken: async () => typeof (await place) === 'object' && !ended.signal.aborted,
    signal: ended.signal,
    end() {
      if (ended.signal.aborted) return;
      ended.abort();
      void place.then((taken) => typeof taken === 'object' && places.leave(taken));
    },
  };
}
