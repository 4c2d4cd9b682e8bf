import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../quantile.ts';

/** Sends one query again and again, one at a time, and reports how long the responses took. */
export interface ProbeOptions {
  origin: string;
  headers: Record<string, string>;
  query: string;
  /** At the earliest: the next request waits for the response. */
  everyMs: number;
}

export interface ProbeReport {
  requests: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const { origin, headers, query, everyMs } = JSON.parse(process.argv[2] ?? '{}') as ProbeOptions;
const body = JSON.stringify({ query });
let latenciesMs: number[] = [];

/** Reports what came since the last report. */
process.on('message', () => {
  const sorted = latenciesMs.sort((a, b) => a - b);
  process.send?.({
    requests: sorted.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
  } satisfies ProbeReport);
  latenciesMs = [];
});
process.on('disconnect', () => process.exit());

for (;;) {
  const startedAtMs = performance.now();
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"errors":')) throw new Error(`HTTP ${response.status}: ${text.slice(0, 1000)}`);
  latenciesMs.push(performance.now() - startedAtMs);
  await delay(Math.max(0, everyMs - (performance.now() - startedAtMs)));
}
