import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { transports } from '../live/clients.ts';
import { findFreePorts, type RunningProcess, run, waitUntilListening } from '../processes.ts';
import { type GraphqlAnswer, type Sandboxes, startSandboxes } from '../start.ts';
import { type PostgresServer, startPostgres } from '../store/embedded-postgres.ts';
import { startCaddy } from './caddy.ts';
import { accessOf, toSystem } from './deployed-config.ts';
import { findCommand, readYaml } from './files.ts';

/** Debian's package `caddy`; .ci/run installs it. */
const hasCaddy = findCommand(['caddy', 'version']) !== null;

describe.skipIf(!hasCaddy)('two replicas on PostgreSQL behind Caddy, as in compose.yaml', { timeout: 120_000 }, () => {
  let postgres: PostgresServer;
  let sandboxes: Sandboxes;
  beforeAll(async () => {
    [postgres, sandboxes] = await Promise.all([startPostgres(), startSandboxes(10)]);
  });
  afterAll(async () => {
    await Promise.all([postgres?.remove(), ...Object.values(sandboxes ?? {}).map((sandbox) => sandbox.close())]);
  });

  /** The configuration of deploy/compose, with the sandboxes as systems. Returns the file. */
  function writeConfig(): string {
    const folder = mkdtempSync(join(tmpdir(), 'jobyard-compose-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const systems = Object.values(sandboxes).map((sandbox) => toSystem(sandbox, folder));
    const secrets = [...systems.flatMap((system) => system.secrets), { name: 'store_url', value: `${postgres.url}/postgres` }];
    for (const { name, value } of secrets) writeFileSync(join(folder, name), value);
    const config = {
      ...readYaml('deploy/compose/jobyard.yaml'),
      systems: systems.map(({ entry }) => entry),
      access: accessOf('console'),
      limits: { requestsPerMinute: null },
      store: { url: { file: join(folder, 'store_url') } },
    };
    writeFileSync(join(folder, 'jobyard.yaml'), stringify(config));
    return join(folder, 'jobyard.yaml');
  }

  async function startReplicas() {
    const config = writeConfig();
    const firstPort = await findFreePorts(2);
    const start = async (port: number): Promise<RunningProcess> => {
      const replica = run('src/main.ts', ['--config', config, '--port', String(port)]);
      await waitUntilListening(replica);
      return replica;
    };
    const ports = [firstPort, firstPort + 1] as const;
    const [first, second] = await Promise.all([start(ports[0]), start(ports[1])]);
    const caddy = await startCaddy(ports.map((port) => `127.0.0.1:${port}`));
    const query = async (text: string): Promise<GraphqlAnswer> => {
      const headers = { 'content-type': 'application/json', ...as('console') };
      const response = await fetch(`${caddy.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: text }) });
      if (response.status !== 200) throw new Error(`Status ${response.status}`);
      return (await response.json()) as GraphqlAnswer;
    };
    return { first, second, restart: (index: 0 | 1) => start(ports[index]), ...caddy, query };
  }

  test('callers reach both replicas, by TLS only, and no path of the operator', async () => {
    const { origin, plainOrigin, query, first, second } = await startReplicas();
    const answers = await Promise.all(Array.from({ length: 8 }, () => query('{ jobs(first: 3) { nodes { id } complete } }')));
    for (const { data } of answers) expect(data.jobs).toMatchObject({ nodes: [{}, {}, {}], complete: true });
    for (const replica of [first, second]) await expect.poll(() => countLines(replica, 'graphql')).toBeGreaterThan(0);
    const [asset] = (await (await fetch(origin)).text()).match(/playground\/[\w-]+\.js/) ?? [];
    expect((await fetch(`${origin}/${asset}`)).status).toBe(200);
    for (const path of ['/metrics', '/livez', '/readyz', '/graphql/']) expect((await fetch(origin + path)).status).toBe(404);
    // Without a port: callers know Caddy by the port that the container publishes, 443.
    const plain = await fetch(`${plainOrigin}/graphql`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([308, 'https://localhost/graphql']);
  });

  test.each(['websocket', 'event-stream'] as const)('a subscription over %s gets the state at once, and the changes', async (transport) => {
    const { origin, query } = await startReplicas();
    const id = addJob({ sandboxes }, 'kinetica');
    const subscription = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id status } }';
    const following = transports[transport](origin, subscription, { variables: { ids: [id] }, headers: as('console') });
    expect(await following.answer(1)).toMatchObject({ data: { jobsChanged: { id, status: 'RUNNING' } } });
    const { data } = await query(`mutation { cancelJobs(input: { ids: ["${id}"] }) { summary { succeeded } } }`);
    expect(data.cancelJobs.summary.succeeded).toBe(1);
    expect(await following.end).toBe('complete');
    expect(following.answers.at(-1)).toMatchObject({ data: { jobsChanged: { id, status: 'CANCELLED' } } });
  });

  test('replicas that are replaced one by one under load lose no response', async () => {
    const { query, first, second, restart } = await startReplicas();
    const load = startLoad(() => query('{ jobs(first: 1, filter: { systemIds: ["kinetica"] }) { nodes { id } complete } }'), 4);
    await load.responses(50);
    await stop(first);
    const newFirst = await restart(0);
    // Caddy has noticed that it is back.
    await expect.poll(() => countLines(newFirst, 'graphql'), { timeout: 10_000 }).toBeGreaterThan(0);
    await stop(second);
    await load.responses(50);
    expect(await load.end()).toEqual([]);
  });

  test('a replica that is killed loses no later response', async () => {
    const { origin, log, query, first } = await startReplicas();
    first.child.kill('SIGKILL');
    await first.exit();
    const text = encodeURIComponent('{ jobs(first: 1) { complete } }');
    // Caddy tries the other replica.
    for (let count = 0; count < 8; count += 1) {
      const response = await fetch(`${origin}/graphql?query=${text}`, { headers: as('console') });
      expect(response.status).toBe(200);
    }
    // Before version 2.8, Caddy loses the body of a request that it tries again. So this waits until Caddy has noticed that the replica is gone.
    await expect.poll(log, { timeout: 10_000 }).toContain('HTTP request failed');
    for (let count = 0; count < 8; count += 1) expect(await query('{ jobs(first: 1) { complete } }')).toMatchObject({ data: {} });
  });
});

async function stop({ child, exit }: RunningProcess): Promise<void> {
  child.kill('SIGTERM');
  expect(await exit()).toBe(0);
}

function countLines({ stdout }: Pick<RunningProcess, 'stdout'>, message: string): number {
  return stdout().split(`"msg":"${message}"`).length - 1;
}

interface Load {
  /** Waits for this many further responses. */
  responses(count: number): Promise<void>;
  /** Ends the load. Returns why requests failed. */
  end(): Promise<unknown[]>;
}

/** Callers that send one request after the other. */
function startLoad(send: () => Promise<GraphqlAnswer>, callers: number): Load {
  const failures: unknown[] = [];
  const responded = new EventTarget();
  let isEnding = false;
  const call = async (): Promise<void> => {
    while (!isEnding) {
      await send().then(
        // Whether the page is complete is the vendor's matter.
        (answer) => answer.data?.jobs || failures.push(answer),
        (error: unknown) => failures.push(error),
      );
      responded.dispatchEvent(new Event('response'));
    }
  };
  const all = Promise.all(Array.from({ length: callers }, call));
  return {
    async responses(count) {
      for (let index = 0; index < count; index += 1) await once(responded, 'response');
    },
    async end() {
      isEnding = true;
      await all;
      return failures;
    },
  };
}
