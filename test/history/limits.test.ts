import { expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

async function start(options: StartOptions): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 1, ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

const cancelling =
  'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { ... on CancelSuccess { job { id cancellation { requestedBy } } } } } }';
const looking = `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job {
  id status cancellation { resolvedAt overdue contradictingStatus } events { nodes { id } }
} } }`;

test('reads and actions work without the store; only its data is missing, with an error', async () => {
  const jobyard = await start({});
  const ids = [addJob(jobyard, 'kinetica')];
  const acted = await jobyard.query(cancelling, { ids });
  expect(acted.data).toEqual({ cancelJobs: { results: [{ job: { id: ids[0], cancellation: null } }] } });
  const { data, errors } = await jobyard.query(looking, { ids });
  expect(data.jobsByIds).toEqual([{ id: ids[0], status: 'CANCELLED', cancellation: null, events: null }]);
  expect(errors?.map(({ path }) => path?.at(-1)).sort()).toEqual(['cancellation', 'events']);
  for (const { message, extensions } of errors ?? []) {
    expect(message).toBe('The store is not available: this test has none.');
    expect(extensions).toEqual({ code: 'STORE_UNAVAILABLE', retryable: true });
  }
  expect((await jobyard.query('{ jobEvents { nodes { id } } }')).errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
});

test("returns AccessDenied for Job.cancellation if the caller can't read the job", async () => {
  const jobyard = await start({ store: openEmptyStore(), access: accessFor({ actor: ['jobs:cancel'] }) });
  const id = addJob(jobyard, 'kinetica');
  const { data, errors } = await jobyard.query(cancelling, { ids: [id] }, as('actor'));
  expect(data).toEqual({ cancelJobs: { results: [{ job: { id, cancellation: null } }] } });
  expect(errors).toMatchObject([
    { message: 'Access denied: the scope jobs:read is required on kinetica.', extensions: { code: 'ACCESS_DENIED' } },
  ]);
});

test("doesn't track actions on a system with callers' own credentials, and uses the copy of the job", async () => {
  const store = openEmptyStore();
  const jobyard = await start({
    store,
    change(system) {
      if (system.id !== 'aodocs') return system;
      const { domain, libraries } = system.settings as { domain: string; libraries: string[] };
      return { ...system, credentials: 'passthrough', settings: { domain, libraries } };
    },
  });
  const { state, requests, switches } = jobyard.sandboxes.aodocs;
  const library = state.libraries[0] as string;
  state.addPerson({ email: 'dana@brightwater.example', roles: { [library]: 'ADMIN' } });
  const headers = { 'x-jobyard-credential-aodocs': state.issueToken({ email: 'dana@brightwater.example' }) };
  switches.cancelAnswer = 'ignored';
  const vendorId = state.addJob({ libraryId: library });
  const ids = [`aodocs:${vendorId}`];
  await jobyard.query(cancelling, { ids }, headers);
  const open = { resolvedAt: null, overdue: false, contradictingStatus: null };
  expect((await jobyard.query(looking, { ids }, headers)).data.jobsByIds).toMatchObject([{ status: 'RUNNING', cancellation: open }]);
  expect(await store.query('select from jobyard.open_action')).toEqual([]);
  state.changeJob(vendorId, { status: 'COMPLETED' });
  const before = requests.count();
  const { data } = await jobyard.query(looking, { ids }, headers);
  expect(data.jobsByIds).toMatchObject([{ cancellation: { resolvedAt: expect.any(String), contradictingStatus: 'SUCCEEDED' } }]);
  expect(requests.count()).toBe(before + 1);
  // A caller that can't read the job at the vendor doesn't get its cancellation.
  const representations = [{ __typename: 'Job', id: ids[0] }];
  const entity = await jobyard.query(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Job { cancellation { requestedBy reason } } } }',
    {
      r: representations,
    },
  );
  expect(entity.data._entities).toEqual([{ cancellation: null }]);
  expect(entity.errors).toMatchObject([{ extensions: { code: 'VENDOR_AUTHENTICATION_FAILED' } }]);
});
