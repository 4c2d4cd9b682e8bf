import type { Measurement } from './measure.ts';
import type { Target } from './targets/target.ts';
import type { Workload } from './workloads.ts';

/** All repetitions of one target doing one workload. */
export interface Result {
  workload: string;
  target: string;
  connections: number;
  repetitions: Measurement[];
  median: Measurement;
}

/** Field by field. */
export function toMedian(repetitions: readonly Measurement[]): Measurement {
  const [first] = repetitions;
  if (!first) throw new Error('No measurement');
  const all: Record<string, unknown>[] = repetitions.map((one) => ({ ...one }));
  const medians = Object.entries(first)
    .filter(([, value]) => typeof value === 'number')
    .map(([name]) => [name, median(all.map((one) => Number(one[name])))] as const);
  return { ...first, ...Object.fromEntries(medians) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

const columns: readonly [title: string, value: (result: Result, limit: Result | undefined) => string][] = [
  ['target', ({ target }) => target],
  ['connections', ({ connections }) => String(connections)],
  ['CPU ms/op', ({ median: { cpuMsPerOperation } }) => digits(cpuMsPerOperation)],
  ['× limit', ratio],
  ['spread', ({ repetitions }) => spread(repetitions.map(({ cpuMsPerOperation }) => cpuMsPerOperation))],
  ['op/s', ({ median: { operationsPerSecond } }) => digits(operationsPerSecond)],
  ['p50 ms', ({ median: { p50Ms } }) => digits(p50Ms)],
  ['p50 × limit', ({ median: own }, limit) => (limit ? (own.p50Ms / limit.median.p50Ms).toFixed(2) : '–')],
  ['p99 ms', ({ median: { p99Ms } }) => digits(p99Ms)],
  ['vendor req/op', ({ median: { vendorRequestsPerOperation } }) => String(Number(vendorRequestsPerOperation.toFixed(2)))],
  ['sockets', ({ median: { maxSocketsPerOrigin: mostSocketsPerOrigin } }) => String(mostSocketsPerOrigin)],
  ['RSS idle', ({ median: { idleRssMiB } }) => idleRssMiB.toFixed(0)],
  ['RSS peak', ({ median: { peakRssMiB } }) => peakRssMiB.toFixed(0)],
  ['first response ms', ({ median: { firstAnswerMs } }) => firstAnswerMs.toFixed(0)],
  ['busy', ({ median: { busyCores } }) => busyCores.toFixed(2)],
  ['stub busy', ({ median: { stubBusyCores } }) => stubBusyCores.toFixed(2)],
];

/** A Markdown table of one workload. */
export function printWorkload(workload: Workload, results: readonly Result[], targets: readonly Target[]): string {
  const rows = results.map((result) => columns.map(([, value]) => value(result, limitOf(result, results))));
  const table = [columns.map(([title]) => title), columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const least = `least vendor requests: ${workload.leastVendorRequests}`;
  return [`${workload.name}: ${workload.title} (${least})`, '', ...table, ...warn(results, targets), ''].join('\n');
}

const settledSeconds = 3;

/**
 * CPU per operation in each of the first seconds of a process, and as a multiple of the last ones. `repetitions` of a result: the seconds of
 * one process, then those of the next.
 */
export function printSeconds(workload: Workload, results: readonly Result[], seconds: number): string {
  const rows = results.flatMap(({ target, connections, repetitions }) => {
    const cpuMs = Array.from({ length: seconds }, (_, second) =>
      median(repetitions.filter((_one, index) => index % seconds === second).map(({ cpuMsPerOperation }) => cpuMsPerOperation)),
    );
    const settledMs = median(cpuMs.slice(-settledSeconds));
    return [
      [target, connections, 'CPU ms/op', ...cpuMs.map(digits)],
      [target, connections, `× the last ${settledSeconds} seconds`, ...cpuMs.map((ms) => (ms / settledMs).toFixed(2))],
    ];
  });
  const titles = ['target', 'connections', 'second', ...Array.from({ length: seconds }, (_, second) => second + 1)];
  const table = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`${workload.name}: ${workload.title}, from the first response of the process`, '', ...table, ''].join('\n');
}

/** Targets whose first answer was another than the limit's. */
function warn(results: readonly Result[], targets: readonly Target[]): string[] {
  const others = results.filter((result) => {
    const isComparable = targets.find(({ name }) => name === result.target)?.comparable;
    const limit = limitOf(result, results);
    return limit && isComparable && result.median.digest !== limit.median.digest;
  });
  return others.map(({ target }) => `ATTENTION: ${target} answered something else than the limit`);
}

/** Whether a target serves its callers alike, and what it keeps in memory while they wait. */
export function printCallers(results: readonly Result[]): string {
  const rows = results.map(
    ({ target, connections, median: { peakRssMiB, p50Ms, p99Ms, fastestCallerMs, slowestCallerMs, worstCallerTail } }) => [
      target,
      String(connections),
      peakRssMiB.toFixed(0),
      digits(p99Ms),
      (p99Ms / p50Ms).toFixed(2),
      worstCallerTail.toFixed(2),
      digits(fastestCallerMs),
      digits(slowestCallerMs),
      (slowestCallerMs / fastestCallerMs).toFixed(2),
    ],
  );
  const titles = [
    'target',
    'callers',
    'RSS peak',
    'p99 ms',
    'p99 ÷ p50',
    'worst caller',
    'p50 ms of fastest caller',
    'of slowest',
    'ratio',
  ];
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The limit's result for the same work. */
function limitOf({ workload, connections }: Result, results: readonly Result[]): Result | undefined {
  return results.find((result) => result.target === 'limit' && result.workload === workload && result.connections === connections);
}

/** CPU per operation as a multiple of the limit's, targets by workloads; with several numbers of connections, one after the other. */
export function printRatios(results: readonly Result[]): string {
  const workloads = [...new Set(results.map(({ workload }) => workload))];
  const targets = [...new Set(results.map(({ target }) => target))];
  const ratios = (workload: string, target: string): string => {
    const own = results.filter((result) => result.workload === workload && result.target === target);
    return own.map((result) => ratio(result, limitOf(result, results))).join(', ') || '–';
  };
  const rows = targets.map((target) => [target, ...workloads.map((workload) => ratios(workload, target))]);
  const table = [['CPU × limit', ...workloads], ['---', ...workloads.map(() => '---')], ...rows];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function ratio({ median: own }: Result, limit: Result | undefined): string {
  return limit ? (own.cpuMsPerOperation / limit.median.cpuMsPerOperation).toFixed(2) : '–';
}

/** Whether 100,000 cancels cost more for each id than 10,000 do. Null where they were not both measured. */
export function printGrowth(results: readonly Result[], workloads: readonly Workload[]): string | null {
  const perId = (name: string, target: string): number | undefined => {
    const jobs = workloads.find((workload) => workload.name === name)?.jobs;
    const cpuMs = results.find((result) => result.workload === name && result.target === target)?.median.cpuMsPerOperation;
    return jobs === undefined || cpuMs === undefined ? undefined : (1000 * cpuMs) / jobs;
  };
  const lines = [...new Set(results.map(({ target }) => target))].flatMap((target) => {
    const [few, many] = [perId('C10k', target), perId('C100k', target)];
    if (few === undefined || many === undefined) return [];
    return [`| ${target} | ${few.toFixed(1)} | ${many.toFixed(1)} | ${(many / few).toFixed(2)} |`];
  });
  if (lines.length === 0) return null;
  return ['| CPU µs per id | of 10,000 | of 100,000 | ratio |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function digits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

/** How far the repetitions lie apart, beside their median. */
function spread(values: readonly number[]): string {
  return `±${(((Math.max(...values) - Math.min(...values)) / 2 / median(values)) * 100).toFixed(0)} %`;
}
