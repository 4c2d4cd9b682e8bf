import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What of the process is looked at and done. */
export interface ProcessMemory {
  nowMs(): number;
  /** The process's resident set in bytes. */
  rss(): number;
  /** What of V8's heap is in use, garbage included, in bytes. */
  heapUsed(): number;
  /** How much V8's old memory may grow from one collection to the next, in percent of what was alive; 0: as V8 sees fit, which may be 300. */
  setGrowthPercent(percent: number): void;
  /** Collects all garbage at once: some tens of milliseconds, in which nothing else is done. */
  collect(): void;
}

const mebibyte = 1024 * 1024;
/** Above this size garbage is collected before V8 would. */
const crowdedBytes = 330 * mebibyte;
/** Above this size V8 collects early, too, until the process is no longer crowded: garbage comes faster than it is collected here. */
const overcrowdedBytes = 380 * mebibyte;
const overcrowdedGrowthPercent = 50;
const lookEveryMs = 100;
/** Less garbage is not worth a collection: the process may be large for other reasons. */
const minGarbageBytes = 16 * mebibyte;
const minIntervalMs = 1_000;
/** The least time between two collections, as a multiple of what the last one took. */
const minIntervalFactor = 20;

/**
 * Keeps the process small. Pages, mutations and vendors' responses live just long enough to be counted among what stays, and V8 would hold
 * 600 MiB of which 150 are alive. Told to hold less, V8 marks beside the main thread nearly all the time: a page of four systems then takes
 * half as much processor time again. One collection a second takes a twentieth.
 * Returns what ends it.
 */
export function relieveMemoryPressure(memory: ProcessMemory = ofThisProcess()): () => void {
  let isOvercrowded = false;
  let heapAfterBytes = 0;
  const usual = createInterval();
  // V8 goes by its growth from the next collection on, so that one may come at once.
  const onOvercrowding = createInterval();

  const collect = (interval: Interval): void => {
    const startedAtMs = memory.nowMs();
    if (!interval.isOver(startedAtMs) || memory.heapUsed() < heapAfterBytes + minGarbageBytes) return;
    memory.collect();
    heapAfterBytes = memory.heapUsed();
    const endedAtMs = memory.nowMs();
    for (const each of [usual, interval]) each.begin(endedAtMs, endedAtMs - startedAtMs);
  };
  const look = (): void => {
    const bytes = memory.rss();
    const wasOvercrowded = isOvercrowded;
    isOvercrowded = bytes > overcrowdedBytes || (isOvercrowded && bytes > crowdedBytes);
    if (isOvercrowded !== wasOvercrowded) memory.setGrowthPercent(isOvercrowded ? overcrowdedGrowthPercent : 0);
    if (bytes > crowdedBytes) collect(isOvercrowded && !wasOvercrowded ? onOvercrowding : usual);
  };
  const timer = setInterval(look, lookEveryMs).unref();
  return () => clearInterval(timer);
}

/** The time between two collections of one kind. */
interface Interval {
  isOver(nowMs: number): boolean;
  begin(nowMs: number, collectionMs: number): void;
}

function createInterval(): Interval {
  let overAtMs = 0;
  return {
    isOver: (nowMs) => nowMs >= overAtMs,
    begin(nowMs, collectionMs) {
      overAtMs = nowMs + Math.max(minIntervalMs, collectionMs * minIntervalFactor);
    },
  };
}

function ofThisProcess(): ProcessMemory {
  // The only way to ask for a collection without a flag on the command line.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return {
    nowMs: () => performance.now(),
    rss: process.memoryUsage.rss,
    heapUsed: () => getHeapStatistics().used_heap_size,
    setGrowthPercent: (percent) => setFlagsFromString(`--heap-growing-percent=${percent}`),
    collect,
  };
}
