import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';

const channel = 'jobyard_bulk';

/** Tells that an operation has changed, over all replicas. A hint: whoever waits looks by itself too, now and then. */
export interface ChangeNotifier {
  /** Never fails: what is told is in the store already. */
  notify(operationId: string): Promise<void>;
  /** Resolves at the operation's next change, after `timeoutMs` at the latest, or when `signal` is aborted. */
  waitForChange(operationId: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** To be called once the store is there; again where that failed. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

export function createChangeNotifier(store: Store, logger: Logger): ChangeNotifier {
  const emitter = new EventEmitter().setMaxListeners(0);
  let stop: (() => Promise<void>) | null = null;
  return {
    async notify(operationId) {
      try {
        await store.notify(channel, operationId);
      } catch (error) {
        logger.warn({ err: error }, 'bulk: a change could not be told');
      }
    },
    waitForChange: (operationId, timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          emitter.off(operationId, done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        // Nobody's process is kept alive by waiting.
        const timer = setTimeout(done, timeoutMs).unref();
        emitter.once(operationId, done);
        signal.addEventListener('abort', done, { once: true });
        if (signal.aborted) done();
      }),
    async listen() {
      stop ??= await store.listen(channel, (operationId) => emitter.emit(operationId));
    },
    async close() {
      await stop?.();
    },
  };
}
