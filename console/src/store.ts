import { useSyncExternalStore } from 'react';

/** A value that changes, and those who follow it. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Calls back after each change. Returns how to stop that. */
  subscribe(onChange: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const followers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const follower of [...followers]) follower();
    },
    subscribe(onChange) {
      followers.add(onChange);
      return () => followers.delete(onChange);
    },
  };
}

export function useStore<T>(store: Pick<Store<T>, 'get' | 'subscribe'>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A store whose value outlives the page, in `localStorage`. `read` turns stored text into a value; null: the text is invalid. */
export function createKeptStore<T extends string>(key: string, initial: T, read: (text: string) => T | null): Store<T> {
  const store = createStore<T>(read(readKept(key) ?? '') ?? initial);
  return {
    ...store,
    set(value) {
      keep(key, value);
      store.set(value);
    },
  };
}

/** The text that `keep` stored under this key. Null if there is none, or if the browser stores nothing. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(`jobyard.${key}`);
  } catch {
    return null;
  }
}

/** Stores a text for later visits. A browser that stores nothing forgets it. */
export function keep(key: string, text: string): void {
  try {
    localStorage.setItem(`jobyard.${key}`, text);
  } catch {
    // The value holds until the page closes.
  }
}
