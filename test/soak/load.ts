import { z } from 'zod';
import type { Random } from '../../src/sandbox-kit/random.ts';
import { unknownIds } from '../end-to-end/jobs.ts';
import { systemsWith } from '../faults/actionable-jobs.ts';
import { type SystemName, systemNames } from '../start.ts';
import type { Action } from '../vendors/contract.ts';
import { splitId, subjects } from '../vendors/subjects.ts';
import type { JobPool } from './job-pool.ts';
import type { SoakedJobyard } from './jobyard.ts';
import type { Tally } from './tally.ts';

export interface Load {
  jobyard: SoakedJobyard;
  pool: JobPool;
  random: Random;
  tally: Tally;
  /** When the vendors' sessions were last ended. */
  sessionEndedAtMs(): number;
}

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});
const resultsSchema = z.array(z.object({ __typename: z.string(), jobId: z.string().optional(), id: z.string().optional() }));
const payloadSchema = z.object({
  results: resultsSchema,
  summary: z.object({ requested: z.number(), succeeded: z.number(), failed: z.number(), unknown: z.number() }),
});
const pageSchema = z.object({ nodes: z.array(z.object({ id: z.string() })), complete: z.boolean(), systems: z.array(z.unknown()) });

/** One caller: one operation after the other until the time is up. */
export async function call(load: Load, untilMs: number): Promise<void> {
  const { random } = load;
  while (Date.now() < untilMs) {
    load.tally.operations += 1;
    const kind = random.integer(1, 100);
    if (kind <= 20) await list(load);
    else if (kind <= 40) await read(load);
    else if (kind <= 70) await actOn(load, 'cancel', systemNames);
    else if (kind <= 85) {
      const action = random.pick(['pause', 'resume', 'restart', 'start'] as const);
      await actOn(load, action, systemsWith(action));
    } else await tryWithoutRight(load);
  }
}

/** For so long after the end of a session requests with the old one may still arrive. */
const maxSessionFaultMs = 5_000;

interface Answer {
  status: number;
  data: Record<string, unknown> | null;
  errors: number;
}

/** Null: none came that can be read, which is noted. */
async function post({ jobyard, tally }: Load, key: string | null, query: string, ids: readonly string[] = []): Promise<Answer | null> {
  try {
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ query, variables: ids.length > 0 ? { ids } : {} }),
      // Longer than an operation's deadline: after that, no response will come.
      signal: AbortSignal.timeout(30_000),
    });
    const { data = null, errors } = answerSchema.parse(await response.json());
    return { status: response.status, data, errors: errors?.length ?? 0 };
  } catch (error) {
    tally.note('transportErrors', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    return null;
  }
}

/** As `post`, for callers with all scopes: then an error is a lost response, too. */
async function postAsOperator(load: Load, query: string, ids: readonly string[] = []): Promise<Record<string, unknown> | null> {
  const answer = await post(load, load.jobyard.keys.operator, query, ids);
  if (!answer) return null;
  if (answer.status === 200 && answer.data && answer.errors === 0) return answer.data;
  load.tally.note('transportErrors', `HTTP ${answer.status} with ${answer.errors} errors`);
  return null;
}

async function list(load: Load): Promise<void> {
  const query = '{ jobs(first: 100) { nodes { id status stale } complete systems { status } } jobSystems { health { status } } }';
  const data = await postAsOperator(load, query);
  if (!data) return;
  const page = pageSchema.safeParse(data.jobs).data;
  const isWhole = page && page.systems.length === systemNames.length && (!page.complete || page.nodes.length === 100);
  if (!isWhole) load.tally.note('lostResults', `list: ${JSON.stringify(data).slice(0, 300)}`);
}

async function read(load: Load): Promise<void> {
  const { pool, random, tally } = load;
  const ids = Array.from({ length: random.integer(1, 10) }, () => pickAny(pool, random));
  const query = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on Job { id status stale } ... on JobError { jobId } } }';
  const data = await postAsOperator(load, query, ids);
  if (!data) return;
  const results = resultsSchema.safeParse(data.jobsByIds).data ?? [];
  noteLost(
    tally,
    ids,
    results.map(({ id, jobId }) => id ?? jobId),
    'read',
  );
}

function pickAny(pool: JobPool, random: Random): string {
  const system = random.pick(systemNames);
  return random.chance(0.1) ? unknownIds[system] : random.pick(pool.forbidden[system]);
}

function noteLost(tally: Tally, asked: readonly string[], answered: readonly (string | undefined)[], what: string): void {
  if (asked.length !== answered.length || asked.some((id, index) => answered[index] !== id)) {
    tally.note('lostResults', `${what}: asked ${asked.length}, answered ${answered.length}`);
  }
}

async function actOn(load: Load, action: Action, systems: readonly SystemName[]): Promise<void> {
  const { pool, random, tally } = load;
  const lent: string[] = [];
  for (let each = random.integer(1, 8); each > 0; each -= 1) {
    const id = pool.lend(random.pick(systems), action);
    if (id !== null) lent.push(id);
  }
  if (lent.length === 0) return;
  const ids = random.chance(0.2) ? [...lent, random.pick(lent), unknownIds[random.pick(systems)], 'kylin:nonsense'] : lent;
  const startedAtMs = Date.now();
  const query = `mutation ($ids: [ID!]!) { payload: ${action}Jobs(input: { ids: $ids, reason: "soak" }) {
    results { __typename ... on JobError { jobId } ... on ${action === 'cancel' ? 'CancelSuccess' : 'JobActionSuccess'} { jobId } }
    summary { requested succeeded failed unknown } } }`;
  const data = await postAsOperator(load, query, ids);
  if (data) {
    const payload = payloadSchema.safeParse(data.payload).data;
    const results = payload?.results ?? [];
    noteLost(
      tally,
      ids,
      results.map(({ jobId }) => jobId),
      action,
    );
    const summary = payload?.summary;
    if (!summary || summary.requested !== ids.length || summary.succeeded + summary.failed + summary.unknown !== ids.length) {
      tally.note('lostResults', `${action}: the summary does not add up`);
    }
    results.forEach(({ __typename }, index) => {
      tally.results.set(__typename, (tally.results.get(__typename) ?? 0) + 1);
      const id = ids[index];
      if (id === undefined || !lent.includes(id) || __typename === 'OutcomeUnknown') return;
      const isSuccess = __typename === 'CancelSuccess' || __typename === 'JobActionSuccess';
      if (pool.isDone(id, action) !== isSuccess) tally.note('untrueResults', `${action} ${id}: ${__typename}`);
    });
  }
  for (const id of lent) {
    // The one retry after a new login is no double send: the first was rejected for its old session.
    const isReplayed = subjects[splitId(id).system].sessions && load.sessionEndedAtMs() > startedAtMs - maxSessionFaultMs;
    const most = isReplayed ? 2 : 1;
    if (pool.countSends(id) > most) tally.note('doubleSends', `${action} ${id}: ${pool.countSends(id)} times`);
    pool.giveBack(id);
  }
}

/** Requests an action without its scope. Every result is allowed except one that shows that Jobyard performed the action or tried to. */
async function tryWithoutRight(load: Load): Promise<void> {
  const { jobyard, pool, random, tally } = load;
  const { keys } = jobyard;
  const elsewhere = random.pick(systemNames.filter((system) => system !== 'kylin'));
  const attempt = random.pick<{ key: string | null; action: Action; system: SystemName; expects401?: boolean }>([
    { key: null, action: 'cancel', system: 'kylin', expects401: true },
    { key: `${keys.operator}x`, action: 'cancel', system: 'aodocs', expects401: true },
    { key: keys.reader, action: 'cancel', system: random.pick(systemNames) },
    { key: keys.reader, action: 'restart', system: 'kylin' },
    { key: keys.kylinOnly, action: 'cancel', system: elsewhere },
    { key: keys.kylinOnly, action: 'pause', system: 'kylin' },
  ]);
  const ids = pool.forbidden[attempt.system];
  const query = `mutation ($ids: [ID!]!) { payload: ${attempt.action}Jobs(input: { ids: $ids }) { results { __typename } summary { succeeded unknown } } }`;
  const answer = await post(load, attempt.key, query, ids);
  if (!answer) return;
  tally.refusals += 1;
  const output = JSON.stringify(answer.data ?? {});
  const isAuthorized = /CancelSuccess|JobActionSuccess|OutcomeUnknown|SystemUnavailable|NotAttempted/.test(output);
  if (isAuthorized || (attempt.expects401 && answer.status !== 401)) {
    tally.note('unauthorizedSuccesses', `${attempt.action} on ${attempt.system}: HTTP ${answer.status} ${output.slice(0, 200)}`);
  }
}
