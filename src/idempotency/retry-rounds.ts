import { type BackoffLimits, backoffMs } from '../concurrency/backoff.ts';

/** Repeats work in the background, with growing pauses, while some is left. */
export interface RetryRounds {
  /** Plans the next round, if work is left and none is planned. */
  retryLater(): void;
  /** Does a round now. */
  run(): Promise<void>;
  /** Plans no more rounds. */
  stop(): void;
}

/** `round` resolves to true if the round did all its work, and never rejects. The pauses grow until a round does. */
export function createRetryRounds(backoff: BackoffLimits, hasWork: () => boolean, round: () => Promise<boolean>): RetryRounds {
  let timer: NodeJS.Timeout | null = null;
  let retry = 1;

  const run = async (): Promise<void> => {
    retry = (await round()) ? 1 : retry + 1;
  };
  const retryLater = (): void => {
    if (!hasWork()) return;
    timer ??= setTimeout(
      async () => {
        await run();
        timer = null;
        retryLater();
      },
      backoffMs(retry, backoff),
    ).unref();
  };

  return {
    retryLater,
    run,
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
