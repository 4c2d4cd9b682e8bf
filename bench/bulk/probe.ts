import { setTimeout as delay } from 'node:timers/promises';

/** Asks Jobyard for something that needs no vendor, at a steady pace, and answers with how long each answer took. */
export interface ProbeReport {
  requests: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const [origin = ''] = process.argv.slice(2);
const everyMs = 10;
let latenciesMs: number[] = [];

process.on('message', (command: 'reset' | 'report') => {
  const sorted = latenciesMs.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  if (command === 'report')
    process.send?.({ requests: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) ?? 0 } satisfies ProbeReport);
  latenciesMs = [];
});
process.on('disconnect', () => process.exit());

for (;;) {
  const startedAtMs = performance.now();
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ jobSystems { id } }"}',
  });
  await response.text();
  latenciesMs.push(performance.now() - startedAtMs);
  await delay(Math.max(0, everyMs - (performance.now() - startedAtMs)));
}
