/** Values that wait for one reader: only the newest of each key, so that a slow reader costs no more memory than a fast one. */
export interface NewestByKey<Value> extends AsyncIterableIterator<Value, undefined, undefined> {
  put(key: string, value: Value): void;
  /** No more values follow; those that wait can still be taken. */
  end(): void;
  /** The reader takes only the values that wait. */
  finish(): void;
  /** Ends at once, even while a `next` waits. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

const done = { done: true, value: undefined } as const;

/** `onLeave`: called if the reader stops before the end. */
export function createNewestByKey<Value>(onLeave: () => void): NewestByKey<Value> {
  const untaken = new Map<string, Value>();
  let waiting: ((result: IteratorResult<Value, undefined>) => void)[] = [];
  let ended = false;

  const release = (): void => {
    for (const resolve of waiting) resolve(done);
    waiting = [];
  };

  const leave = (): void => {
    if (ended) return;
    ended = true;
    release();
    onLeave();
  };

  return {
    put(key, value) {
      if (ended) return;
      const resolve = waiting.shift();
      if (resolve) resolve({ done: false, value });
      else untaken.set(key, value);
    },
    end() {
      ended = true;
      release();
    },
    finish: leave,
    async next() {
      const first = untaken.entries().next();
      if (!first.done) {
        const [key, value] = first.value;
        untaken.delete(key);
        return { done: false, value };
      }
      if (ended) return done;
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    async return() {
      untaken.clear();
      leave();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
