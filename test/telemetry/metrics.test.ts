import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { version } from '../../src/version.ts';
import { accessFor, as } from '../access/callers.ts';
import { act, addEndedJob, addJob, cancel, failAction, failReads } from '../end-to-end/jobs.ts';
import { followOverWebSocket } from '../live/clients.ts';
import { type StartOptions, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';

async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0, ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

/** Every series of Jobyard's own, without histograms' buckets: `name{label="value"}` to its value. */
async function scrape({ origin }: WithSandboxes): Promise<Record<string, number>> {
  const body = await (await fetch(`${origin}/metrics`)).text();
  const lines = body.matchAll(/^(jobyard_\w+(?<!_bucket|_sum)\{.*\}) (\S+)$/gm);
  return Object.fromEntries(Array.from(lines, ([, series, value]) => [series, Number(value)]));
}

const read = (jobyard: WithSandboxes, id: string) => jobyard.query('query ($id: ID!) { job(id: $id) { __typename } }', { id });

test('known series start at 0', async () => {
  const series = await scrape(await start());
  for (const [name, value] of Object.entries(series)) expect([name, value]).toEqual([name, /state="closed"|build_info/.test(name) ? 1 : 0]);
  for (const system of systemNames) {
    for (const expected of [
      `jobyard_vendor_requests_total{system="${system}",purpose="read",result="200"}`,
      `jobyard_vendor_requests_total{system="${system}",purpose="action",result="TIMED_OUT"}`,
      `jobyard_vendor_request_duration_seconds_count{system="${system}",purpose="action"}`,
      `jobyard_vendor_retries_total{system="${system}",purpose="read"}`,
      `jobyard_vendor_requests_blocked_total{system="${system}",reason="vendor"}`,
      `jobyard_vendor_breaker_state{system="${system}",state="open"}`,
      `jobyard_actions_total{system="${system}",action="CANCEL",outcome="OUTCOME_UNKNOWN",code="OUTCOME_UNKNOWN"}`,
    ]) {
      expect(series).toHaveProperty([expected]);
    }
  }
  expect(series).toHaveProperty(['jobyard_rejected_requests_total{status="429"}'], 0);
  expect(series).not.toHaveProperty(['jobyard_actions_total{system="kinetica",action="PAUSE",outcome="CONFIRMED",code=""}']);
});

test('actions are counted by system, action, and outcome', async () => {
  const jobyard = await start();
  const lost = addJob(jobyard, 'kylin');
  failAction(jobyard, 'kylin', { kind: 'reset', applied: false });
  await cancel(jobyard, [lost, addJob(jobyard, 'aodocs'), addJob(jobyard, 'aodocs'), addEndedJob(jobyard, 'aodocs')]);
  await cancel(jobyard, [addJob(jobyard, 'veeva-vault')]);
  await act(jobyard, 'pause', [addJob(jobyard, 'kylin')]);
  await act(jobyard, 'pause', [addJob(jobyard, 'kinetica')]);
  await cancel(jobyard, [addJob(jobyard, 'kinetica')], { dryRun: true });
  const counted = Object.entries(await scrape(jobyard)).filter(([name, value]) => name.startsWith('jobyard_actions_total') && value > 0);
  expect(Object.fromEntries(counted)).toEqual({
    'jobyard_actions_total{system="kylin",action="CANCEL",outcome="OUTCOME_UNKNOWN",code="OUTCOME_UNKNOWN"}': 1,
    'jobyard_actions_total{system="aodocs",action="CANCEL",outcome="CONFIRMED",code=""}': 2,
    'jobyard_actions_total{system="aodocs",action="CANCEL",outcome="ACTION_NOT_ALLOWED",code="WRONG_STATUS"}': 1,
    'jobyard_actions_total{system="veeva-vault",action="CANCEL",outcome="ACCEPTED",code=""}': 1,
    'jobyard_actions_total{system="kylin",action="PAUSE",outcome="CONFIRMED",code=""}': 1,
    'jobyard_actions_total{system="kinetica",action="PAUSE",outcome="ACTION_NOT_ALLOWED",code="ACTION_NOT_SUPPORTED"}': 1,
    'jobyard_actions_total{system="kinetica",action="CANCEL",outcome="DRY_RUN_PASSED",code=""}': 1,
  });
});

test('after failures: counts requests by result, retries, the breaker, and blocked requests', async () => {
  const jobyard = await start();
  const id = addJob(jobyard, 'kylin');
  failReads(jobyard, 'kylin', { kind: 'reset', applied: false });
  // Three attempts each: the tenth failure opens it.
  for (let each = 0; each < 4; each += 1) await read(jobyard, id);
  await read(jobyard, id);
  const series = await scrape(jobyard);
  expect(series).toMatchObject({
    'jobyard_vendor_requests_total{system="kylin",purpose="read",result="SYSTEM_UNAVAILABLE"}': 10,
    'jobyard_vendor_request_duration_seconds_count{system="kylin",purpose="read"}': 10,
    'jobyard_vendor_retries_total{system="kylin",purpose="read"}': 6,
    'jobyard_vendor_retries_total{system="kylin",purpose="action"}': 0,
    'jobyard_vendor_requests_blocked_total{system="kylin",reason="breaker"}': 2,
    'jobyard_vendor_breaker_state{system="kylin",state="open"}': 1,
    'jobyard_vendor_breaker_state{system="kylin",state="closed"}': 0,
    'jobyard_vendor_breaker_state{system="aodocs",state="closed"}': 1,
  });
});

test('counts requests that are blocked while a vendor throttles', async () => {
  const jobyard = await start();
  const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kinetica')];
  failReads(jobyard, 'kinetica', { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, applied: false }, 1);
  for (const id of ids) await read(jobyard, id);
  expect(await scrape(jobyard)).toMatchObject({
    'jobyard_vendor_requests_total{system="kinetica",purpose="read",result="429"}': 1,
    'jobyard_vendor_requests_blocked_total{system="kinetica",reason="vendor"}': 1,
  });
});

test('requests rejected before GraphQL are counted by status', async () => {
  const jobyard = await start({ access: accessFor({ console: ['jobs:read'] }), limits: { requestsPerMinute: 2 } });
  const send = async (headers: Record<string, string>) =>
    (await fetch(`${jobyard.origin}/graphql?query={__typename}`, { headers: { 'apollo-require-preflight': 'x', ...headers } })).status;
  expect([await send({}), await send(as('console')), await send(as('console')), await send(as('console'))]).toEqual([401, 200, 200, 429]);
  expect(await scrape(jobyard)).toMatchObject({
    'jobyard_rejected_requests_total{status="401"}': 1,
    'jobyard_rejected_requests_total{status="429"}': 1,
    'jobyard_graphql_request_duration_seconds_count{status="200"}': 2,
  });
});

test('errors in responses are counted by code, over each transport; codes that are not ours make no series', async () => {
  const jobyard = await start({ access: accessFor({ console: ['jobs:read'] }) });
  const headers = as('console');
  await jobyard.query('{ nothing }', {}, headers);
  await jobyard.query('{', {}, headers);
  await jobyard.query('{ jobSystems { id } jobEvents(first: 1) { nodes { id } } }', {}, headers);
  const following = followOverWebSocket(jobyard.origin, 'subscription { nothing }', { headers });
  await following.end;
  const counted = Object.entries(await scrape(jobyard)).filter(([name, value]) => name.startsWith('jobyard_graphql_errors') && value > 0);
  expect(Object.fromEntries(counted)).toEqual({
    'jobyard_graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"}': 2,
    'jobyard_graphql_errors_total{code="GRAPHQL_PARSE_FAILED"}': 1,
    'jobyard_graphql_errors_total{code="FORBIDDEN"}': expect.any(Number),
  });

  const metrics = createMetrics();
  for (let each = 0; each < 1_000; each += 1) metrics.observeError(`MADE_UP_${each}`);
  metrics.observeError(undefined);
  expect(await metrics.print()).toContain('\njobyard_graphql_errors_total{code="OTHER"} 1001\n');
  expect(await metrics.print()).not.toContain('MADE_UP');
});

test('events that wait for a store that is away, and the versions', async () => {
  const jobyard = await start();
  await cancel(jobyard, [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kinetica')]);
  const body = await (await fetch(`${jobyard.origin}/metrics`)).text();
  expect(body).toContain('\njobyard_events_waiting 2\n');
  expect(body).toContain('\njobyard_events_dropped_total{reason="full"} 0\njobyard_events_dropped_total{reason="rejected"} 0\n');
  expect(body).toContain(`\njobyard_build_info{version="${version}",node="${process.versions.node}"} 1\n`);
  // The store was never reached: nothing is known of what bulk operations have to do.
  expect(body).not.toMatch(/^jobyard_bulk_oldest_pending_seconds /m);
});
