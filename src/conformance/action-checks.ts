import type { ActionResponse, ActionSupport, ActionTarget } from '../jobs/adapter.ts';
import { valueFor } from '../jobs/by-state.ts';
import { createJob } from '../jobs/create-job.ts';
import { type Job, type JobAction, jobActions } from '../jobs/job.ts';
import { entryOf, pairResults } from '../jobs/pair-results.ts';
import { type Check, expectThat, type Subject } from './check.ts';
import { readByIds } from './read-by-ids.ts';

export const actionChecks: readonly Check[] = [
  {
    id: 'act.effect',
    statement: 'MUST perform the actions it accepts: the jobs, read again, show the effect, or the jobs that the action creates exist',
    readOnly: false,
    run: (subject) => forEachAction(subject, (action, support) => performOn(Math.min(3, support.requestSize), action, subject)),
  },
  {
    id: 'act.limit',
    statement: 'MUST perform an action on as many jobs per call as it declares for a request',
    readOnly: false,
    run: (subject) => forEachAction(subject, (action, support) => performOn(support.requestSize, action, subject)),
  },
  {
    id: 'act.again',
    statement:
      'MUST create one job for two attempts with the same actionKey, if it declares that an action creates jobs and is safe to retry',
    readOnly: false,
    run: (subject) =>
      forEachAction(subject, async (action, { creates, safeToRetry }) => {
        if (creates && valueFor(safeToRetry, null)) await createTwice(action, subject);
      }),
  },
  {
    id: 'act.none',
    statement: 'MUST send no request for an action on no jobs',
    readOnly: false,
    run: (subject) =>
      forEachAction(subject, async (action) => {
        let requests = 0;
        const onRoundTrip = (): void => {
          requests += 1;
        };
        const call = { ...subject.createCall(), onRoundTrip };
        const responses = await subject.adapter.performAction(action, [], call);
        expectThat(
          responses.length === 0 && requests === 0,
          `${action}: ${responses.length} responses and ${requests} requests for no job`,
        );
      }),
  },
];

async function forEachAction(
  { adapter, addJobsFor }: Subject,
  check: (action: JobAction, support: ActionSupport) => Promise<void>,
): Promise<void> {
  if (!addJobsFor) return;
  for (const action of jobActions) {
    const support = adapter.actions[action];
    if (support.support !== 'UNSUPPORTED') await check(action, support);
  }
}

/** Performs the action on new jobs that allow it, in one call, and reads them again. */
async function performOn(count: number, action: JobAction, subject: Subject): Promise<void> {
  const { adapter, createCall, addJobsFor } = subject;
  const ids = addJobsFor?.(action, count) ?? [];
  expectThat(ids.length === count, `${action}: supported, but the sandbox has ${ids.length} jobs for it`);
  const before = await readJobs(ids, subject);
  const targets = ids.map((vendorId): ActionTarget & { job: Job } => ({ vendorId, job: entryOf(before, vendorId) }));
  expectEligible(action, targets, subject);
  const responses = await adapter.performAction(action, targets, createCall());
  expectThat(responses.length === count, `${action}: ${responses.length} responses for ${count} jobs`);
  for (const [id, response] of pairResults(ids, responses)) {
    expectThat(response.kind === 'accepted', `${action} of ${id}, ${count} in one call: ${describeResponse(response)}`);
  }
  if (adapter.actions[action].creates) return expectCreated(action, before, responses, subject);
  // A queue may remove what it cancels.
  const after = await readJobs(ids, subject, action === 'CANCEL');
  for (const { vendorId, job } of targets) {
    const now = after.get(vendorId);
    if (now === undefined) continue;
    expectThat(
      showsEffect(adapter.actions[action], action, job, now),
      `${action} of ${vendorId}: accepted without effect; the job was ${job.status} and is ${now.status}`,
    );
  }
}

/** Each response names another job, which exists, and the named jobs are unchanged. */
async function expectCreated(
  action: JobAction,
  before: ReadonlyMap<string, Job>,
  responses: readonly ActionResponse[],
  subject: Subject,
): Promise<void> {
  const created = responses.map((response) => createdIdIn(action, response));
  expectThat(new Set([...before.keys(), ...created]).size === 2 * created.length, `${action}: two jobs have one created job`);
  await readJobs(created, subject);
  for (const [id, { status }] of await readJobs([...before.keys()], subject)) {
    const was = entryOf(before, id).status;
    expectThat(status === was, `${action} of ${id}: declared to leave the job unchanged; it was ${was} and is ${status}`);
  }
}

async function createTwice(action: JobAction, subject: Subject): Promise<void> {
  const [vendorId = ''] = subject.addJobsFor?.(action, 1) ?? [];
  const job = entryOf(await readJobs([vendorId], subject), vendorId);
  const attempt = async (actionKey: string): Promise<string> => {
    const [response] = await subject.adapter.performAction(action, [{ vendorId, job }], { ...subject.createCall(), actionKey });
    expectThat(
      response?.kind === 'accepted',
      `${action} of ${vendorId}, key ${actionKey}: ${response ? describeResponse(response) : 'none'}`,
    );
    return createdIdIn(action, response);
  };
  const [first, again, other] = [await attempt('one'), await attempt('one'), await attempt('other')];
  expectThat(first === again, `${action} of ${vendorId}: two attempts with one key created ${first} and ${again}`);
  expectThat(first !== other, `${action} of ${vendorId}: two keys have one created job, ${first}`);
}

function createdIdIn(action: JobAction, response: ActionResponse): string {
  const created = response.kind === 'accepted' ? response.createdVendorId : undefined;
  expectThat(created !== undefined, `${action}: declared to create a job, and the response has no createdVendorId`);
  return created;
}

/** By ID. `mayBeGone`: a job that the vendor no longer has is left out. */
async function readJobs(ids: readonly string[], subject: Subject, mayBeGone = false): Promise<Map<string, Job>> {
  const jobs = new Map<string, Job>();
  for (const [id, result] of pairResults(ids, await readByIds(ids, subject))) {
    if (mayBeGone && result.kind === 'notFound') continue;
    expectThat(result.kind === 'job', `${id}: ${result.kind === 'problem' ? result.problem.message : result.kind}`);
    jobs.set(id, createJob('checked', result.job, new Date()));
  }
  return jobs;
}

function expectEligible(action: JobAction, targets: readonly { job: Job }[], { adapter }: Subject): void {
  const { allowedStatuses, batchKey } = adapter.actions[action];
  for (const { job } of targets) {
    const reason = adapter.checkEligibility?.(action, job) ?? null;
    expectThat(
      reason === null && allowedStatuses.includes(job.status),
      `${action}: not allowed for a ${job.status} job: ${reason ?? 'its status'}`,
    );
  }
  const keys = new Set(targets.map(({ job }) => batchKey?.(job)));
  expectThat(keys.size === 1, `${action}: jobs of one kind have ${keys.size} batch keys`);
}

function describeResponse(response: ActionResponse): string {
  return 'problem' in response ? `${response.kind}: ${response.problem.message}` : response.kind;
}

/** The visible effects of each action. Stated again here, so that the suite doesn't rely on the core. */
function showsEffect(support: ActionSupport, action: JobAction, before: Job, after: Job): boolean {
  if (support.tookEffect) return support.tookEffect(before, after);
  switch (action) {
    case 'CANCEL':
      return after.status === 'CANCELLED' || after.status === 'CANCELLING';
    case 'PAUSE':
      return after.status === 'PAUSED';
    case 'RESUME':
      return after.status === 'QUEUED' || after.status === 'RUNNING' || after.status === 'SUCCEEDED';
    case 'RESTART':
      return isLater(after.createdAt, before.createdAt) || isLater(after.startedAt, before.startedAt);
    case 'START':
      return after.status !== before.status;
  }
}

function isLater(after: Date | null, before: Date | null): boolean {
  return after !== null && before !== null && after > before;
}
