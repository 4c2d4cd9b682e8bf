import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { followOverEventStream, followOverWebSocket } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { countVendorRequests, post } from './post.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  const scopes = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read', 'audit:read'];
  jobyard = await startWithSandboxes({ jobs: 0, access: accessFor({ ann: scopes, reader: ['jobs:read'] }) });
});
afterAll(() => jobyard.close());

const long = 'x'.repeat(1_001);
const huge = 'x'.repeat(900_000);
const actions = ['cancelJobs', 'pauseJobs', 'resumeJobs', 'restartJobs', 'startJobs'];
const tooLong = (place: string) => ({
  code: 'BAD_USER_INPUT',
  message: expect.stringMatching(`^${place.replaceAll('.', '\\.')}: expected (1 to|at most) (200|1000) characters, got \\d+\\.$`),
});

/** The only error of an operation that causes no vendor request and no audit log entry. */
async function refusal(query: string, variables: Record<string, unknown> = {}, caller = 'ann') {
  const [requests, audit] = [countVendorRequests(jobyard), await readFile(jobyard.auditFile, 'utf8')];
  const answer = await post(jobyard, { query, variables }, as(caller));
  expect(answer.errors).toHaveLength(1);
  expect(countVendorRequests(jobyard)).toBe(requests);
  expect(await readFile(jobyard.auditFile, 'utf8')).toBe(audit);
  return { code: answer.errors?.[0]?.extensions.code, message: answer.errors?.[0]?.message ?? '' };
}

describe('a text that is too long is BAD_USER_INPUT', () => {
  test.each(actions)('%s as a reason or key, also in a variable or from a caller without the scope', async (mutation) => {
    const query = `mutation ($reason: String, $key: String) {
      ${mutation}(input: { ids: ["kylin:x"], reason: $reason, idempotencyKey: $key }) { summary { requested } }
    }`;
    for (const caller of ['ann', 'reader']) {
      expect(await refusal(query, { reason: long }, caller)).toEqual(tooLong('input.reason'));
      expect(await refusal(query, { key: 'k'.repeat(201) }, caller)).toEqual(tooLong('input.idempotencyKey'));
      expect(await refusal(query, { key: '' }, caller)).toEqual(tooLong('input.idempotencyKey'));
    }
    const literal = `mutation { ${mutation}(input: { ids: ["kylin:x"], reason: "${long}" }) { summary { requested } } }`;
    expect(await refusal(literal)).toEqual(tooLong('input.reason'));
  });

  test('400 mutations with one huge reason: before the first of them', async () => {
    const fields = Array.from(
      { length: 400 },
      (_, index) => `a${index}: cancelJobs(input: { ids: ["kylin:x"], reason: $reason }) { summary { requested } }`,
    );
    const good = 'first: cancelJobs(input: { ids: ["kylin:x"] }) { summary { requested } }';
    const query = `mutation ($reason: String) { ${good} ${fields.join(' ')} }`;
    for (const caller of ['ann', 'reader']) expect(await refusal(query, { reason: huge }, caller)).toEqual(tooLong('input.reason'));
  });

  test.each([
    ['jobs(filter: { text: $text }) { complete }', 'filter.text'],
    ['jobs(filter: { owners: ["a", $text] }) { complete }', 'filter.owners'],
    ['jobs(filter: { types: [$text] }) { complete }', 'filter.types'],
    ['jobs(filter: { scopes: [$text] }) { complete }', 'filter.scopes'],
    ['jobs(filter: { vendors: [$text] }) { complete }', 'filter.vendors'],
    ['jobSystem(id: "kylin") { jobs(filter: { text: $text }) { complete } }', 'filter.text'],
    ['previewBulkAction(action: CANCEL, filter: { text: $text }) { token }', 'filter.text'],
    ['jobEvents(filter: { callers: [$text] }) { nodes { id } }', 'filter.callers'],
    ['jobEvents(filter: { jobIds: ["kylin:x", $id] }) { nodes { id } }', 'filter.jobIds'],
    ['jobEvents(filter: { requestId: $id }) { nodes { id } }', 'filter.requestId'],
    ['bulkOperation(id: $id) { id }', 'id'],
  ])('%s', async (field, place) => {
    const variable = field.includes('$text') ? '$text: String!' : '$id: ID!';
    expect(await refusal(`query (${variable}) { ${field} }`, { text: long, id: long })).toEqual(tooLong(place));
  });

  test.each([
    ['startBulkAction(input: { action: CANCEL, filter: {}, reason: $text }) { __typename }', 'input.reason'],
    ['startBulkAction(input: { action: CANCEL, filter: { text: $text }, reason: "r" }) { __typename }', 'input.filter.text'],
    ['startBulkAction(input: { action: CANCEL, filter: {}, reason: "r", idempotencyKey: $text }) { __typename }', 'input.idempotencyKey'],
    ['startBulkAction(input: { action: CANCEL, previewToken: $text, reason: "r" }) { __typename }', 'input.previewToken'],
  ])('%s', async (field, place) => {
    expect(await refusal(`mutation ($text: String!) { ${field} }`, { text: long })).toEqual(tooLong(place));
  });

  test('over a WebSocket and an event stream', async () => {
    const query = 'mutation ($reason: String) { cancelJobs(input: { ids: ["kylin:x"], reason: $reason }) { summary { requested } } }';
    const options = { variables: { reason: huge }, headers: as('ann') };
    const { error } = (await followOverWebSocket(jobyard.origin, query, options).end) as { error: unknown };
    expect(error).toMatchObject([{ message: tooLong('input.reason').message, extensions: { code: 'BAD_USER_INPUT' } }]);
    const overStream = await followOverEventStream(jobyard.origin, query, options).answer(1);
    expect(overStream).toMatchObject({ errors: [{ message: tooLong('input.reason').message }] });
  });
});

describe('control characters', () => {
  const query =
    'mutation ($reason: String, $key: String) { cancelJobs(input: { ids: ["x"], reason: $reason, idempotencyKey: $key }) { summary { failed } } }';

  test.each(['\u0000', '\u001b[31m', '\u007f', '\ud800'])('%j are rejected in a reason and a key', async (text) => {
    expect(await refusal(query, { reason: text })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^input\.reason: /),
    });
    expect(await refusal(query, { key: text })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^input\.idempotencyKey: /),
    });
  });

  test('a reason may have several lines', async () => {
    const { data } = await jobyard.query(query, { reason: 'First line\r\n\tSecond line' }, as('ann'));
    expect(data.cancelJobs.summary.failed).toBe(1);
  });
});

describe('a job ID that is too long', () => {
  const id = `kylin:${huge}`;
  const isCut = expect.stringMatching(/^kylin:x{993}…$/);

  test('returns JobNotFound with a truncated ID', async () => {
    const fields =
      'job(id: $id) { ...F } jobsByIds(ids: [$id]) { ...F } waitForJobs(ids: [$id], timeoutSeconds: 0) { jobId result { ...F } }';
    const fragment = 'fragment F on JobError { jobId code message }';
    const { data } = await jobyard.query(`query ($id: ID!) { ${fields} } ${fragment}`, { id }, as('ann'));
    const problem = { jobId: isCut, code: 'INVALID_ID', message: expect.any(String) };
    expect(data).toEqual({ job: problem, jobsByIds: [problem], waitForJobs: [{ jobId: isCut, result: problem }] });
    expect(data.job.message.length).toBeLessThan(300);
  });

  test.each(actions)('%s: beside the other results, however often it is requested', async (mutation) => {
    const fields = Array.from(
      { length: 100 },
      (_, index) => `a${index}: ${mutation}(input: { ids: [$id] }) { results { ... on JobError { jobId code } } }`,
    );
    const response = await post(jobyard, { query: `mutation ($id: ID!) { ${fields.join(' ')} }`, variables: { id } }, as('ann'));
    const results = Object.values(response.data as Record<string, { results: unknown[] }>).flatMap((payload) => payload.results);
    expect(results).toEqual(Array(100).fill({ jobId: isCut, code: 'INVALID_ID' }));
    expect(JSON.stringify(response.data).length).toBeLessThan(200_000);
  });

  test('is rejected in a subscription and in representations', async () => {
    const subscription = 'subscription ($id: ID!) { jobsChanged(ids: [$id]) { id } }';
    const { error } = (await followOverWebSocket(jobyard.origin, subscription, { variables: { id }, headers: as('ann') }).end) as {
      error: unknown;
    };
    expect(error).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(error).length).toBeLessThan(1_000);
    const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Job { id } } }';
    const { data, errors } = await jobyard.query(entities, { of: [{ __typename: 'Job', id }] }, as('ann'));
    expect([data._entities, errors?.[0]?.extensions.code]).toEqual([[null], 'BAD_USER_INPUT']);
    expect(JSON.stringify(errors).length).toBeLessThan(1_000);
  });

  test('writes a short audit log entry if the caller lacks the scope, as do thousands of IDs', async () => {
    const query = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, reason: "r" }) { summary { requested } } }';
    for (const ids of [[id], Array(2_000).fill(`kylin:${'y'.repeat(400)}`)]) {
      const before = (await readFile(jobyard.auditFile, 'utf8')).length;
      expect((await jobyard.query(query, { ids }, as('reader'))).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      const line = (await readFile(jobyard.auditFile, 'utf8')).slice(before);
      expect(line.length).toBeLessThan(110_000);
      expect(JSON.parse(line)).toMatchObject({ audit: 'denied', mutation: 'cancelJobs', jobCount: ids.length, reason: 'r' });
    }
  });
});
