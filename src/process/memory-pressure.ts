import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The memory of the process, and how to control it. */
export interface ProcessMemory {
  nowMs(): number;
  /** The process's resident set size, in bytes. */
  rss(): number;
  /** The used V8 heap including garbage, in bytes. */
  heapUsed(): number;
  /** Sets how much V8's old generation may grow between collections, in percent of the live size. 0: V8 decides, up to 300. */
  setGrowthPercent(percent: number): void;
  /** Collects all garbage at once. Blocks the process for tens of milliseconds. */
  collect(): void;
}

const mebibyte = 1024 * 1024;
/** Above this size, garbage is collected before V8 would. */
const crowdedBytes = 330 * mebibyte;
/** Above this size, V8 also collects early until the process is no longer crowded: garbage grows faster than it is collected here. */
const overcrowdedBytes = 380 * mebibyte;
const overcrowdedGrowthPercent = 50;
const measureEveryMs = 100;
/** Less garbage isn't worth a collection: the process may be large for other reasons. */
const minGarbageBytes = 16 * mebibyte;
const minIntervalMs = 1_000;
/** The minimum time between two collections, as a multiple of the last collection's duration. */
const minIntervalFactor = 20;

/**
 * Keeps the process small. Pages, mutations, and vendor responses live just long enough that V8 promotes them, and V8 would keep 600 MiB of
 * which 150 are live. With a lower limit, V8 marks concurrently nearly all the time: a page of four systems then takes 50% more CPU time.
 * One collection per second takes 5%. Returns a function that stops it.
 */
export function relieveMemoryPressure(memory: ProcessMemory = ofThisProcess()): () => void {
  let isOvercrowded = false;
  let heapAfterBytes = 0;
  const usual = createInterval();
  // V8 applies its growth limit from the next collection on, so the first may run immediately.
  const onOvercrowding = createInterval();

  const collect = (interval: Interval): void => {
    const startedAtMs = memory.nowMs();
    if (!interval.isOver(startedAtMs) || memory.heapUsed() < heapAfterBytes + minGarbageBytes) return;
    memory.collect();
    heapAfterBytes = memory.heapUsed();
    const endedAtMs = memory.nowMs();
    for (const each of [usual, interval]) each.begin(endedAtMs, endedAtMs - startedAtMs);
  };
  const measure = (): void => {
    const bytes = memory.rss();
    const wasOvercrowded = isOvercrowded;
    isOvercrowded = bytes > overcrowdedBytes || (isOvercrowded && bytes > crowdedBytes);
    if (isOvercrowded !== wasOvercrowded) memory.setGrowthPercent(isOvercrowded ? overcrowdedGrowthPercent : 0);
    if (bytes > crowdedBytes) collect(isOvercrowded && !wasOvercrowded ? onOvercrowding : usual);
  };
  const timer = setInterval(measure, measureEveryMs).unref();
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
  // The only way to request a collection without a command-line flag.
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return {
    nowMs: () => performance.now(),
    rss: process.memoryUsage.rss,
    heapUsed: () => getHeapStatistics().used_heap_size,
    setGrowthPercent: (percent) => setFlagsFromString(`--heap-growing-percent=${percent}`),
    collect,
  };
}
