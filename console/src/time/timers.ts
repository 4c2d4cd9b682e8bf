/** One timeout at a time. */
export function createTimer() {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const cancel = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    after(ms: number, happen: () => void): void {
      cancel();
      timer = setTimeout(() => {
        timer = null;
        happen();
      }, ms);
    },
    cancel,
    isSet: () => timer !== null,
  };
}

/** Calls `read` every `everyMs` while the tab is visible. */
export function createPoll(everyMs: number, read: () => void): { start(): void; stop(): void } {
  let timer: ReturnType<typeof setInterval> | null = null;
  const stop = (): void => {
    if (timer) clearInterval(timer);
    timer = null;
  };
  return {
    start() {
      stop();
      timer = setInterval(() => document.hidden || read(), everyMs);
    },
    stop,
  };
}

/** How long a hidden tab still counts as visible. */
const hiddenMs = 30_000;

/** Calls `onHidden` when the tab has been hidden for a while, and `onVisible` when it is visible again. */
export function createVisibility({ onHidden, onVisible }: { onHidden(): void; onVisible(): void }): { start(): void; stop(): void } {
  const timer = createTimer();
  const onChange = (): void => {
    timer.cancel();
    if (document.hidden) timer.after(hiddenMs, onHidden);
    else onVisible();
  };
  return {
    start: () => document.addEventListener('visibilitychange', onChange),
    stop() {
      timer.cancel();
      document.removeEventListener('visibilitychange', onChange);
    },
  };
}
