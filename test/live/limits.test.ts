import { expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob, countActions } from '../end-to-end/jobs.ts';
import { type StartOptions, startWithSandboxes } from '../start.ts';
import { type Following, followOverEventStream, followOverWebSocket, transports } from './clients.ts';

const jobsChanged = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id status } }';
const waitForJobs = 'query ($ids: [ID!]!) { waitForJobs(ids: $ids, timeoutSeconds: 0) { reached } }';

async function start(options: StartOptions = {}) {
  const scopes = ['jobs:read', 'jobs:cancel', 'systems:read'];
  const jobyard = await startWithSandboxes({
    jobs: 0,
    access: accessFor({ ann: [...scopes, 'jobs:raw'], bob: scopes, cat: scopes }),
    limits: { maxWatchedJobsPerCaller: 3 },
    ...options,
  });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

/** The errors that an operation ended with, for any transport. */
async function errorsOf({ end, answers }: Following): Promise<unknown> {
  const how = await end;
  return how === 'complete' ? answers[0]?.errors : how.error;
}

const refused = (count: number) => [
  {
    message: `key:ann can't watch ${count} more jobs: the maximum is 3 jobs in subscriptions and waits, over all its connections. End a subscription, or retry in 5 seconds.`,
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 },
  },
];

test('the jobs that a caller subscribes to and waits for are counted over all its connections and transports', async () => {
  const jobyard = await start();
  const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kinetica')];
  const first = followOverWebSocket(jobyard.origin, jobsChanged, { variables: { ids }, headers: as('ann') });
  await first.answer(2);
  for (const follow of Object.values(transports)) {
    expect(await errorsOf(follow(jobyard.origin, jobsChanged, { variables: { ids }, headers: as('ann') }))).toMatchObject(refused(2));
  }
  expect((await jobyard.query(waitForJobs, { ids }, as('ann'))).errors).toMatchObject(refused(2));
  const third = followOverEventStream(jobyard.origin, jobsChanged, { variables: { ids: [ids[0]] }, headers: as('ann') });
  await third.answer(1);
  expect((await jobyard.query(waitForJobs, { ids: [ids[0]] }, as('ann'))).errors).toMatchObject(refused(1));
  // Another caller has its own.
  expect((await jobyard.query(waitForJobs, { ids }, as('bob'))).errors).toBeUndefined();
  first.stop();
  await expect.poll(async () => (await jobyard.query(waitForJobs, { ids }, as('ann'))).errors, { timeout: 20_000 }).toBeUndefined();
});

test('a cancel that may not wait is not sent, and one that does not want to is', async () => {
  const jobyard = await start();
  const ids = Array.from({ length: 4 }, () => addJob(jobyard, 'kylin'));
  const cancel = (waitSeconds: number) =>
    jobyard.query(
      'mutation ($input: CancelJobsInput!) { cancelJobs(input: $input) { summary { succeeded } } }',
      { input: { ids, waitSeconds } },
      as('ann'),
    );
  expect((await cancel(1)).errors).toMatchObject(refused(4));
  expect(countActions(jobyard, 'kylin')).toBe(0);
  expect((await cancel(0)).data.cancelJobs.summary.succeeded).toBe(4);
});

test('what a wait and an ended subscription counted is free again', async () => {
  const jobyard = await start();
  const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kinetica'), addJob(jobyard, 'kinetica')];
  for (let count = 0; count < 3; count += 1) expect((await jobyard.query(waitForJobs, { ids }, as('ann'))).errors).toBeUndefined();
  for (const id of ids) jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
  for (const follow of [...Object.values(transports), ...Object.values(transports)]) {
    const { end, answers } = follow(jobyard.origin, jobsChanged, { variables: { ids }, headers: as('ann') });
    expect(await end).toBe('complete');
    expect(answers.every(({ data }) => data.jobsChanged.status === 'SUCCEEDED')).toBe(true);
  }
});

test.each(Object.entries(transports))(
  'over %s callers with other permissions see what they may of the same job',
  async (_transport, follow) => {
    const jobyard = await start({ limits: {} });
    const ids = [addJob(jobyard, 'kinetica')];
    const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id raw } }';
    const all = ['bob', 'ann', 'cat', 'ann', 'bob'].map((name) => follow(jobyard.origin, query, { variables: { ids }, headers: as(name) }));
    const [bob, ann, cat, annAgain, bobAgain] = await Promise.all(all.map((following) => following.answer(1)));
    for (const answer of [ann, annAgain]) {
      expect(answer?.errors).toBeUndefined();
      expect(answer?.data.jobsChanged.raw).not.toBeNull();
    }
    for (const answer of [bob, cat, bobAgain]) {
      expect(answer?.data.jobsChanged.raw).toBeNull();
      expect(answer?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  },
);
