import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';

const channel = 'jobyard_bulk';
const anyChange = Symbol('any change');

/** Notifies replicas that an operation has changed. Best effort: waiters also poll. */
export interface ChangeNotifier {
  /** Never rejects: the change is in the store. */
  notify(operationId: string): Promise<void>;
  /** Resolves at the operation's next change, after `timeoutMs` at the latest, or when `signal` is aborted. */
  waitForChange(operationId: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** The same, for any operation. */
  waitForAnyChange(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Calls `onId` with the ID of each operation that changes, until the returned function is called. */
  onChange(onId: (operationId: string) => void): () => void;
  /** Call once the store is open, and again if that failed. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

export function createChangeNotifier(store: Store, logger: Logger): ChangeNotifier {
  const emitter = new EventEmitter().setMaxListeners(0);
  let stop: (() => Promise<void>) | null = null;
  const waitFor = (event: string | symbol, timeoutMs: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        emitter.off(event, done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      // Waiting doesn't keep the process alive.
      const timer = setTimeout(done, timeoutMs).unref();
      emitter.once(event, done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  return {
    async notify(operationId) {
      try {
        await store.notify(channel, operationId);
      } catch (error) {
        logger.warn({ err: error }, 'bulk operation change not announced to replicas');
      }
    },
    waitForChange: waitFor,
    waitForAnyChange: (timeoutMs, signal) => waitFor(anyChange, timeoutMs, signal),
    onChange(onId) {
      emitter.on(anyChange, onId);
      return () => emitter.off(anyChange, onId);
    },
    async listen() {
      stop ??= await store.listen(channel, (operationId) => {
        emitter.emit(operationId);
        emitter.emit(anyChange, operationId);
      });
    },
    async close() {
      await stop?.();
    },
  };
}
