import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What of the process is looked at and done. */
export interface ProcessMemory {
  nowMs(): number;
  /** The process's resident set in bytes. */
  rss(): number;
  /** How much V8's old memory may grow from one collection to the next, in percent of what was alive; 0: as V8 sees fit, which may be 300. */
  setGrowthPercent(percent: number): void;
  /** Collects all garbage at once: some tens of milliseconds, in which nothing else is done. */
  collect(): void;
}

/** Above this size garbage is collected before V8 would. */
const crowdedBytes = 330 * 1024 * 1024;
/** Above this size V8 collects early, too, until the process is no longer crowded: garbage comes faster than it is collected here. */
const overcrowdedBytes = 380 * 1024 * 1024;
const overcrowdedGrowthPercent = 50;
const lookEveryMs = 100;
const minIntervalMs = 1_000;
/** The least time between two collections, as a multiple of what the last one took: they may take a twentieth of all. */
const minIntervalFactor = 20;

/**
 * Keeps the process small. Pages, mutations and vendors' responses live just long enough to be counted among what stays, and V8 would hold
 * 600 MiB of which 150 are alive. Told to hold less, V8 marks beside the main thread nearly all the time: a page of four systems then takes
 * half as much processor time again. One collection a second takes a twentieth.
 * Returns what ends it.
 */
export function relieveMemoryPressure(memory: ProcessMemory = ofThisProcess()): () => void {
  let nextAtMs = 0;
  let isOvercrowded = false;
  const setOvercrowded = (is: boolean): void => {
    if (is === isOvercrowded) return;
    isOvercrowded = is;
    memory.setGrowthPercent(is ? overcrowdedGrowthPercent : 0);
    // V8 goes by it from the next collection on.
    if (is) nextAtMs = 0;
  };
  const look = (): void => {
    const startedAtMs = memory.nowMs();
    const bytes = memory.rss();
    if (bytes > overcrowdedBytes) setOvercrowded(true);
    else if (bytes <= crowdedBytes) setOvercrowded(false);
    if (bytes <= crowdedBytes || startedAtMs < nextAtMs) return;
    memory.collect();
    const endedAtMs = memory.nowMs();
    nextAtMs = endedAtMs + Math.max(minIntervalMs, (endedAtMs - startedAtMs) * minIntervalFactor);
  };
  const timer = setInterval(look, lookEveryMs).unref();
  return () => clearInterval(timer);
}

function ofThisProcess(): ProcessMemory {
  // The only way to ask for a collection without a flag on the command line.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const setGrowthPercent = (percent: number): void => setFlagsFromString(`--heap-growing-percent=${percent}`);
  return { nowMs: () => performance.now(), rss: process.memoryUsage.rss, setGrowthPercent, collect };
}
