import { setTimeout as delay } from 'node:timers/promises';

/** The maximum share of time for printing the metrics, which any client can request. */
const printingShare = 0.1;

/** Returns a result that is printed after the call. Concurrent calls share the next print, which is delayed after a long one. */
export function createPacedPrint(print: () => Promise<string>): () => Promise<string> {
  let next: Promise<string> | null = null;
  let pause: Promise<void> = Promise.resolve();
  const printNext = async (): Promise<string> => {
    await pause;
    next = null;
    const startedAtMs = performance.now();
    const printed = print();
    const rest = (): Promise<void> => delay((performance.now() - startedAtMs) * (1 / printingShare - 1), undefined, { ref: false });
    pause = printed.then(rest, rest);
    return printed;
  };
  return () => {
    next ??= printNext();
    return next;
  };
}
