import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { withGlobal } from '@sinonjs/fake-timers';
import { createRandom, type Random } from '../../src/sandbox-kit/random.ts';

/** A process of a world: its work in progress ends with it, as in a real process. */
export interface Life {
  name: string;
  isDead: boolean;
  /** How far the clock of its machine is ahead of the world's, which is the store's. */
  clockAheadMs: number;
}

/** The time and the chance of all worlds, which are lived one after the other. */
export interface VirtualTime {
  /** By the world's clock. `Date` shows that of the process that the running work belongs to. */
  nowMs(): number;
  /** Milliseconds since the world began. */
  sinceStartMs(): number;
  /** Takes all timers away, and begins again at the same moment with another seed of chance. */
  reset(seed: number): void;
  /** Lets everything happen that is due up to that moment, in the order in which a real machine would. */
  runUntil(timeMs: number): Promise<void>;
  /** As runUntil, for as long as the work takes, and at most this long; undefined: it has not ended. */
  reach<Value>(work: Promise<Value>, mostMs: number): Promise<Value | undefined>;
  /** Calls back whatever dies meanwhile; all other timers belong to the process that has set them. */
  later(afterMs: number, happen: () => void): void;
  /** Timers that are set, and work that begins, within `work` belong to this process. */
  within<Result>(life: Life, work: () => Result): Result;
  /** The process that the running work belongs to. */
  lifeNow(): Life | undefined;
  /** Runs what may set timers that belong to no world: none of them ever comes. */
  without<Result>(work: () => Result): Result;
  /** The processor's real time in milliseconds, which the world can't read. */
  realMs(): number;
}

/** The same for each world. */
const epochMs = Date.parse('2031-03-05T09:00:00Z');
/** A world that sets so many timers is in a loop. */
const maxTimers = 200_000;

/**
 * Takes the place of everything by which a program learns of time and chance: Date, performance, timers of all kinds, Math.random, and random
 * ids. To be called before anything else is loaded that might keep a function of theirs.
 */
export function installVirtualTime(): VirtualTime {
  const lives = new AsyncLocalStorage<Life>();
  const nextTurn = globalThis.setImmediate;
  const realNow = performance.now.bind(performance);
  const clock = withGlobal(globalThis).createClock(epochMs);
  let random: Random = createRandom(1);
  let isOutside = false;
  let fired = 0;

  const bind = <Arguments extends unknown[]>(happen: (...values: Arguments) => void): ((...values: Arguments) => void) => {
    const life = lives.getStore();
    const inContext = AsyncLocalStorage.snapshot();
    return (...values) => {
      if (!life?.isDead) inContext(() => happen(...values));
    };
  };
  const timerOf =
    (set: (happen: () => void, ms: number) => unknown) =>
    (happen: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) =>
      isOutside
        ? 0
        : set(
            bind(() => happen(...values)),
            ms,
          );
  const setTimeoutVirtual = timerOf((happen, ms) => clock.setTimeout(happen, ms));
  const setImmediateVirtual = (happen: (...values: unknown[]) => void, ...values: unknown[]) =>
    isOutside ? 0 : clock.setImmediate(bind(() => happen(...values)));

  const delay = <Value>(ms?: number, value?: Value, { signal }: { signal?: AbortSignal } = {}): Promise<Value> =>
    waitFor((happen) => setTimeoutVirtual(happen, ms), value as Value, signal);
  const turn = <Value>(value?: Value, { signal }: { signal?: AbortSignal } = {}): Promise<Value> =>
    waitFor((happen) => setImmediateVirtual(happen), value as Value, signal);

  /** By the clock of the process's own machine, and outside of the processes by the world's. */
  const localNow = (): number => clock.now + (isOutside ? 0 : (lives.getStore()?.clockAheadMs ?? 0));
  class LocalDate extends clock.Date {
    constructor(...values: ConstructorParameters<typeof Date> | []) {
      if (values.length === 0) super(localNow());
      else super(...values);
    }
  }

  Object.assign(globalThis, {
    Date: Object.assign(LocalDate, { now: localNow }),
    setTimeout: setTimeoutVirtual,
    clearTimeout: clock.clearTimeout,
    setInterval: timerOf((happen, ms) => clock.setInterval(happen, ms)),
    clearInterval: clock.clearInterval,
    setImmediate: setImmediateVirtual,
    clearImmediate: clock.clearImmediate,
  });
  // Some have kept the object.
  performance.now = () => clock.now - epochMs;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    setTimeoutVirtual(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms);
    return controller.signal;
  };
  Math.random = () => random.fraction();
  const require = createRequire(import.meta.url);
  Object.assign(require('node:timers/promises'), { setTimeout: delay, setImmediate: turn });
  Object.assign(require('node:timers'), {
    setTimeout: setTimeoutVirtual,
    clearTimeout: clock.clearTimeout,
    setImmediate: setImmediateVirtual,
  });
  const uuid = (): ReturnType<typeof crypto.randomUUID> => random.uuid() as ReturnType<typeof crypto.randomUUID>;
  Object.assign(crypto, { randomUUID: uuid });
  globalThis.crypto.randomUUID = uuid;
  syncBuiltinESMExports();

  /** What follows from what has just happened, up to the next timer. */
  const settle = (): Promise<void> => new Promise((resolve) => nextTurn(resolve));

  const runWhile = async (continues: () => boolean): Promise<void> => {
    await settle();
    while (continues()) {
      clock.next();
      fired += 1;
      if (fired > maxTimers) throw new Error(`More than ${maxTimers} timers: something is in a loop`);
      await settle();
    }
  };

  return {
    nowMs: () => clock.now,
    sinceStartMs: () => clock.now - epochMs,
    reset(seed) {
      clock.reset();
      clock.setSystemTime(epochMs);
      random = createRandom(seed);
      fired = 0;
    },
    async runUntil(timeMs) {
      let isOver = false;
      clock.setTimeout(() => {
        isOver = true;
      }, timeMs - clock.now);
      await runWhile(() => !isOver);
    },
    async reach(work, mostMs) {
      let isOver = false;
      const timer = clock.setTimeout(() => {
        isOver = true;
      }, mostMs);
      const ended = work.finally(() => {
        isOver = true;
      });
      ended.catch(() => {});
      await runWhile(() => !isOver);
      clock.clearTimeout(timer);
      return Promise.race([ended, Promise.resolve(undefined)]);
    },
    later: (afterMs, happen) => void clock.setTimeout(() => lives.exit(happen), afterMs),
    within: (life, work) => lives.run(life, work),
    lifeNow: () => lives.getStore(),
    without(work) {
      isOutside = true;
      try {
        return work();
      } finally {
        isOutside = false;
      }
    },
    realMs: realNow,
  };
}

function waitFor<Value>(set: (happen: () => void) => unknown, value: Value, signal?: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException('The operation was aborted', 'AbortError'));
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    set(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    });
  });
}
