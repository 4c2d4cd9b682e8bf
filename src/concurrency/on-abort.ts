/** The listeners of one signal. */
interface Listeners {
  all: Set<() => void>;
  callAll(): void;
}

const listenersBySignal = new WeakMap<AbortSignal, Listeners>();

/**
 * Calls `listener` when the signal is aborted, unless the returned function is called first. Never calls it if the signal is already aborted.
 * All listeners of a signal share one of Node's: adding and removing one per listener would take a tenth of a vendor request's time.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const listeners = listenersBySignal.get(signal) ?? createListeners(signal);
  const { all, callAll } = listeners;
  if (all.size === 0) signal.addEventListener('abort', callAll, { once: true });
  // A new function, because the same listener may be added twice.
  const own = (): void => listener();
  all.add(own);
  return () => {
    // A signal that combines others stays in memory while it has a listener.
    if (all.delete(own) && all.size === 0) signal.removeEventListener('abort', callAll);
  };
}

function createListeners(signal: AbortSignal): Listeners {
  const all = new Set<() => void>();
  const listeners: Listeners = {
    all,
    callAll() {
      // A listener may remove another one.
      for (const listener of Array.from(all)) if (all.delete(listener)) listener();
    },
  };
  listenersBySignal.set(signal, listeners);
  return listeners;
}
