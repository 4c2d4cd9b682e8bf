/** One way to harm others. It runs in a process of its own, against a Jobyard in another. */
export interface Attack {
  name: string;
  /** What it sends, for the report. */
  title: string;
  /** Starts the attacking vendor, if there is one, and returns its base URL. In Jobyard, it is the system `hostile`, a Kylin. */
  startVendor?(): Promise<string>;
  /** Attacks until the signal aborts. */
  run(target: Target, signal: AbortSignal): Promise<void>;
}

/** The Jobyard under attack. */
export interface Target {
  origin: string;
  keys: Keys;
}

export interface Keys {
  /** All scopes; not the attacker's. */
  bystander: string;
  /** Only `jobs:read` and `systems:read`. */
  reader: string;
  /** All scopes. */
  operators: readonly string[];
}

/** Calls `work` in `count` loops until the signal aborts. A loop whose call failed continues after a short pause: a closed socket is a response, too. */
export async function repeat(count: number, signal: AbortSignal, work: (loop: number) => Promise<void>): Promise<void> {
  const loop = async (index: number): Promise<void> => {
    while (!signal.aborted) {
      try {
        await work(index);
      } catch {
        await pause(50, signal);
      }
    }
  };
  await Promise.all(Array.from({ length: count }, (_, index) => loop(index)));
}

/** Resolves after so long, or when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
