import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { act, addEndedJob, addJob, cancel, failReads, unknownIds } from '../end-to-end/jobs.ts';
import { findFreePorts } from '../processes.ts';
import { type SystemName, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { addActionableJob, isCarriedOut, trueStatus } from './actionable-jobs.ts';
import { createSelfSignedCertificate } from './certificate.ts';
import { befalls, type FaultCase, faultCases, type Role, type Row, renderTable, roles, rows, truthOf, type Unreachable } from './matrix.ts';
import { countSends, namedJobs } from './named-jobs.ts';
import { onArrival } from './on-arrival.ts';

const cells = rows.flatMap((row) => faultCases.filter((fault) => befalls(fault, row)).map((fault) => ({ row, fault })));

describe('the results, by vendor, action, and fault', () => {
  test.each(cells)('$row.system $row.action: $fault.name', async ({ row, fault }) => {
    const jobyard = await startFor(row, fault);
    const { sandboxes } = jobyard;
    const { system, action } = row;
    // Logs in to Vault and shows the credentials to be right, so that the fault meets the action itself.
    if (fault.by.way !== 'url') await jobyard.query('{ jobSystems { health { status } } }');

    const jobs = addJobs(row, fault, jobyard);
    const ids = inOrder(row, fault, jobs, jobyard);
    // The jobs of other systems are unaffected by this fault.
    const neighbour = addJob(jobyard, system === 'aodocs' ? 'kinetica' : 'aodocs');
    if (action === 'cancel') ids.push(neighbour);
    const endedStatus = trueStatus(sandboxes, jobs.ended);
    await bringAbout(row, fault, jobs, jobyard);
    sandboxes[system].requests.clear();

    const { results, summary } = action === 'cancel' ? await cancel(jobyard, ids) : await act(jobyard, action, ids);

    expect(results).toHaveLength(ids.length);
    expect(results.map(({ jobId }: { jobId: string }) => jobId)).toEqual(ids);
    expect(summary.succeeded + summary.failed + summary.unknown).toBe(ids.length);
    const sends = countSends(sandboxes);
    for (const role of rolesOf(fault)) {
      const id = jobs[role];
      const truth = truthOf(row, fault, role);
      const result = results[ids.indexOf(id)];
      expect({ role, ...result, sends: sends.get(id) ?? 0 }).toMatchObject({
        role,
        ...expectedResult(row, fault, truth),
        sends: truth.sends,
      });
      if (role !== 'first' && role !== 'later') continue;
      const isDone = truth.result === 'Success' || fault.proves === 'in doubt, done';
      expect(isCarriedOut(sandboxes, id, action)).toBe(isDone);
    }
    expect(trueStatus(sandboxes, jobs.ended)).toBe(endedStatus);
    if (action === 'cancel') expect(results.at(-1)).toMatchObject({ __typename: 'CancelSuccess', jobId: neighbour });
  });

  test('are documented in docs/faults.md as tested here', async () => {
    const document = await readFile(new URL('../../docs/faults.md', import.meta.url), 'utf8');
    expect(document).toContain(`\n${renderTable()}\n`);
  });
});

type Jobs = Record<Role, string>;

function rolesOf({ by }: FaultCase): readonly Role[] {
  return by.way === 'vanishing' ? roles : roles.filter((role) => role !== 'vanishing');
}

async function startFor({ system }: Row, { by }: FaultCase): Promise<WithSandboxes> {
  const point = by.way === 'url' ? await pointTo(by.url) : null;
  const timeoutMs = by.way === 'answer' ? (by.timeoutMs ?? 10_000) : 10_000;
  const jobyard = await startWithSandboxes({
    jobs: 0,
    ...(by.way === 'deadline' && { deadlineMs: 1000 }),
    change(config) {
      if (config.id !== system) return config;
      const url = new URL(config.url);
      point?.(url);
      // One request at a time, so that it is certain which is the first.
      return { ...config, url: url.href.replace(/\/$/, ''), concurrency: 1, timeoutMs };
    },
  });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

/** Turns a sandbox's address into one that can't be connected to. */
async function pointTo(where: Unreachable): Promise<(url: URL) => void> {
  const port = await ports[where]();
  return (url) => {
    if (port !== null) url.port = String(port);
    if (where === 'unknown host') url.hostname = 'vendor.invalid';
    if (where === 'no TLS' || where === 'self-signed' || where === 'reset') url.protocol = 'https:';
  };
}

/** Where that address listens; null: at the sandbox's own port. */
const ports: Record<Unreachable, () => Promise<number | null>> = {
  'no listener': () => findFreePorts(1),
  'unknown host': async () => null,
  'no TLS': async () => null,
  'self-signed'() {
    const server = createServer(createSelfSignedCertificate(), (_request, response) => void response.end('{}'));
    onTestFinished(() => server.closeAllConnections());
    return listen(server);
  },
  reset: () => listen(createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.resetAndDestroy()))),
};

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('No port');
  return address.port;
}

function addJobs({ system, action, allowsSucceeded }: Row, { by }: FaultCase, jobyard: WithSandboxes): Jobs {
  const add = (elsewhere = false) => `${system}:${addActionableJob(jobyard.sandboxes, system, action, elsewhere)}`;
  return {
    first: add(),
    unknown: unknownIds[system],
    malformed: `${system}:${subjects[system].ids.invalid[0]?.[0]}`,
    // Or one that is not over, if the action is for jobs that are.
    ended: allowsSucceeded ? addJob(jobyard, system) : addEndedJob(jobyard, system),
    vanishing: add(),
    // Where jobs of two parts of the vendor share no request, such as Kylin's projects.
    later: add(by.way === 'deadline'),
  };
}

/** The job IDs in the request, with enough others between them that the last one goes into a second request. */
function inOrder(row: Row, fault: FaultCase, jobs: Jobs, { sandboxes }: WithSandboxes): string[] {
  const ids = rolesOf(fault).map((role) => jobs[role]);
  const needsTwoRequests = fault.by.way === 'deadline' || fault.by.way === 'session';
  if (!needsTwoRequests || row.jobsPerRequest === 1) return ids;
  const sent = row.readsFirst ? 1 : 3;
  const others = Array.from(
    { length: row.jobsPerRequest - sent },
    () => `${row.system}:${addActionableJob(sandboxes, row.system, row.action)}`,
  );
  return [...ids.slice(0, -1), ...others, jobs.later];
}

async function bringAbout({ system, place }: Row, { by }: FaultCase, jobs: Jobs, jobyard: WithSandboxes): Promise<void> {
  const { jobs: truth, sessions } = subjects[system];
  const sandbox = jobyard.sandboxes[system];
  switch (by.way) {
    case 'url':
      return;
    case 'answer':
      sandbox.faults.add({ fault: by.fault, ...place, times: 'always' });
      return;
    case 'deadline':
      sandbox.faults.add({ fault: { kind: 'hang', applied: false }, ...place });
      return;
    case 'breaker':
      return openBreaker(system, jobyard);
    case 'conflict':
      truth.rejectRetryably?.(sandbox, jobs.first.slice(system.length + 1), by.times);
      return;
    case 'session': {
      let actions = 0;
      onArrival(sandbox, (request) => {
        if (namedJobs(system, request).length === 0) return;
        actions += 1;
        if (actions === 2) sessions?.endAll(sandbox);
      });
      return;
    }
    case 'vanishing':
      truth.rejectTogether?.(sandbox);
      onArrival(sandbox, (request) => {
        if (namedJobs(system, request).includes(jobs.vanishing)) truth.remove(sandbox, jobs.vanishing.slice(system.length + 1));
      });
  }
}

/** Fails reads until nothing reaches the vendor any more, and then lets it be well again. */
async function openBreaker(system: SystemName, jobyard: WithSandboxes): Promise<void> {
  const { faults, requests } = jobyard.sandboxes[system];
  failReads(jobyard, system, { kind: 'reset', applied: false });
  const read = () => jobyard.query('query ($id: ID!) { job(id: $id) { __typename } }', { id: addJob(jobyard, system) });
  for (let tries = 0, last = -1; requests.count() > last; tries += 1) {
    expect(tries).toBeLessThan(12);
    last = requests.count();
    await read();
  }
  faults.clear();
}

function expectedResult({ action }: Row, fault: FaultCase, { result }: { result: ReturnType<typeof truthOf>['result'] }): object {
  if (typeof result !== 'string') return { __typename: 'OutcomeUnknown', code: 'OUTCOME_UNKNOWN', ...result.OutcomeUnknown };
  if (result === 'Success') return { __typename: action === 'cancel' ? 'CancelSuccess' : 'JobActionSuccess' };
  if (result !== 'SystemUnavailable') return { __typename: result };
  if (fault.proves === 'never sent') return { __typename: result, code: fault.code };
  return { __typename: result, code: fault.code, retryAfterSeconds: fault.retryAfterSeconds ?? null };
}
