import type { Target } from './attack.ts';
import { get, post } from './client.ts';

/** The response times of another caller during an attack, in milliseconds. */
export interface Experience {
  reads: Times;
  cancels: Times;
  livez: Times;
  /** Answers that were not what they should be, and how often. */
  failures: ReadonlyMap<string, number>;
}

export interface Times {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

const readEveryMs = 50;
const cancelEveryMs = 500;
const livezEveryMs = 200;

/** Uses Jobyard for so long as an ordinary caller: reads a job, tries to cancel it, and asks whether Jobyard lives. Each begins when its time has come, whether or not the one before has ended. */
export async function experience(target: Target, jobId: string, durationMs: number): Promise<Experience> {
  const failures = new Map<string, number>();
  const note = (failure: string): void => void failures.set(failure, (failures.get(failure) ?? 0) + 1);
  const ask = async (query: string, isRight: (text: string) => boolean): Promise<void> => {
    const { status, text } = await post(target, target.keys.bystander, { query, variables: { id: jobId } });
    if (status !== 200 || !isRight(text)) note(`${status} ${text.trim().slice(0, 150)}`);
  };
  const [reads, cancels, livez] = await Promise.all([
    measure(readEveryMs, durationMs, note, () => ask(read, (text) => text.includes('"status"'))),
    measure(cancelEveryMs, durationMs, note, () => ask(tryCancel, (text) => /CancelSuccess|ActionNotAllowed/.test(text))),
    measure(livezEveryMs, durationMs, note, async () => {
      if ((await get(`${target.origin}/livez`)) !== 200) note('/livez is not 200');
    }),
  ]);
  return { reads, cancels, livez, failures };
}

const read = 'query ($id: ID!) { job(id: $id) { ... on Job { id status } } }';
const tryCancel = `mutation ($id: ID!) {
  cancelJobs(input: { ids: [$id], dryRun: true }) { results { __typename } }
}`;

async function measure(everyMs: number, durationMs: number, note: (failure: string) => void, work: () => Promise<void>): Promise<Times> {
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs) {
    const startedAtMs = performance.now();
    const ended = work()
      .catch((error: unknown) => note(String(error)))
      .finally(() => times.push(performance.now() - startedAtMs));
    running.push(ended);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await Promise.all(running);
  return summarize(times);
}

function summarize(times: number[]): Times {
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { count: times.length, p50: at(0.5), p99: at(0.99), max: times.at(-1) ?? 0 };
}
