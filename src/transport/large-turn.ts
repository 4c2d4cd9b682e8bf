import type { Places } from '../concurrency/places.ts';

export interface LargeResponses {
  /** The sender. The responses of all senders are parsed one at a time, with senders taking turns. */
  sender: string;
  /** Where each response waits for memory to read its rest. */
  places: Places;
  /** The caller that the response is for. */
  caller: string;
}

/** The turn of one large response. */
export interface LargeTurn {
  sender: string;
  /** False: the turn ended first. */
  isTaken(): Promise<boolean>;
  /** Aborted when it ends. */
  signal: AbortSignal;
  end(): void;
}

export function createLargeTurn({ sender, places, caller }: LargeResponses): LargeTurn {
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
