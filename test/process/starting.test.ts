import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startKylinSandbox } from '../../src/vendors/kylin/sandbox/index.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { findFreePorts, post, type RunningProcess, run, waitUntilListening } from '../processes.ts';
import { writePlugIn } from './plug-in-module.ts';

/** A PostgreSQL server that has no response for its clients until the test decides what becomes of them, now and later. */
async function startSilentPostgres() {
  const sockets = new Set<Socket>();
  let answer = (_socket: Socket): void => {};
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    answer(socket);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  const decide = (decided: (socket: Socket) => void): void => {
    answer = decided;
    for (const socket of sockets) decided(socket);
  };
  return {
    url: `postgres://jobyard:swordfish@127.0.0.1:${address.port}/jobyard`,
    /** The database isn't available now. */
    hangUp: () => decide((socket) => void socket.destroy()),
    /** The password is wrong, so Jobyard makes no other attempt. */
    rejectPassword() {
      const fields = Buffer.from('SFATAL\0C28P01\0Mpassword authentication failed\0\0', 'latin1');
      decide((socket) => void socket.end(Buffer.concat([Buffer.from([0x45, 0, 0, 0, fields.length + 4]), fields])));
    },
  };
}

/** Jobyard with one Kylin, while it waits for its store. */
async function startWaiting(drainMs = 0) {
  const sandbox = await startKylinSandbox({ jobs: 3 });
  onTestFinished(() => sandbox.close());
  const postgres = await startSilentPostgres();
  const port = await findFreePorts(1);
  const config = writeTemporaryFile(
    `server: { drainMs: ${drainMs} }\nsystems: [{ id: kylin, vendor: kylin, url: "${sandbox.url}", username: ADMIN, password: { env: PASSWORD } }]`,
  );
  const process = run('src/main.ts', ['--port', String(port), '--config', config], {
    JOBYARD_STORE: postgres.url,
    PASSWORD: String(sandbox.settings.password),
  });
  const origin = `http://127.0.0.1:${port}`;
  const readiness = () =>
    fetch(`${origin}/readyz`).then(
      async (response) => `${response.status} ${await response.text()}`,
      () => 'closed',
    );
  await expect.poll(readiness, { timeout: 30_000 }).toBe('503 starting\n');
  return { ...process, origin, readiness, postgres, sandbox };
}

const isListening = ({ stdout }: RunningProcess): boolean => stdout().includes('"msg":"listening"');

/** Sends a query that waits for its vendor. */
async function startSlowList({ origin, sandbox }: Awaited<ReturnType<typeof startWaiting>>) {
  sandbox.faults.add({ fault: { kind: 'slow', ms: 500 }, times: 'always' });
  const listed = post(origin, '{ jobs { nodes { id } complete } }');
  await expect.poll(() => sandbox.requests.count()).toBe(1);
  return { listed };
}

test('while its store is being opened, Jobyard responds, but is not ready and says nothing', async () => {
  const jobyard = await startWaiting();
  expect((await fetch(`${jobyard.origin}/livez`)).status).toBe(200);
  const { data } = await post(jobyard.origin, '{ jobs { nodes { id } complete } }');
  expect(data.jobs).toMatchObject({ nodes: [{}, {}, {}], complete: true });
  expect(isListening(jobyard)).toBe(false);
  jobyard.postgres.hangUp();
  await waitUntilListening(jobyard);
  expect(await jobyard.readiness()).toBe('200 ok\n');
});

test('if the store can never be opened, the process ends with the reason, after the requests in flight', async () => {
  const jobyard = await startWaiting();
  const { listed } = await startSlowList(jobyard);
  jobyard.postgres.rejectPassword();
  expect((await listed).data.jobs.complete).toBe(true);
  expect(await jobyard.exit()).toBe(2);
  expect(jobyard.stderr()).toMatch(/^store: can't use postgres:\/\/jobyard@[^\n]*password authentication failed[^\n]*\n$/);
  expect(jobyard.stdout() + jobyard.stderr()).not.toContain('swordfish');
  expect(isListening(jobyard)).toBe(false);
});

test('a signal ends a process that is not ready, after the requests in flight', async () => {
  const jobyard = await startWaiting(600_000);
  const { listed } = await startSlowList(jobyard);
  jobyard.child.kill('SIGTERM');
  await expect.poll(jobyard.readiness).toMatch(/^closed|^503 closing/);
  expect((await listed).data.jobs.complete).toBe(true);
  jobyard.postgres.hangUp();
  expect(await jobyard.exit()).toBe(0);
  expect(isListening(jobyard)).toBe(false);
  expect(jobyard.stderr()).toBe('');
});

test('an error that nothing catches ends the process, and is logged', async () => {
  const module = writeTemporaryFile(
    `${writePlugIn()}\nprocess.once('SIGWINCH', () => { throw new Error('a bug in a plug-in'); });\n`,
    'memo.mjs',
  );
  const config = writeTemporaryFile(`systems: [{ id: memo, vendor: "${module}" }]\n`);
  const jobyard = run('src/main.ts', ['--port', '0', '--config', config]);
  await waitUntilListening(jobyard);
  jobyard.child.kill('SIGWINCH');
  expect(await jobyard.exit()).toBe(1);
  expect(jobyard.stdout()).toMatch(/"err":\{[^\n]*"message":"a bug in a plug-in"[^\n]*"msg":"bug"/);
});

test('a second signal ends the process at once, and is logged', async () => {
  const jobyard = await startWaiting();
  jobyard.postgres.hangUp();
  await waitUntilListening(jobyard);
  const { listed } = await startSlowList(jobyard);
  jobyard.child.kill('SIGTERM');
  await expect.poll(jobyard.readiness).toBe('closed');
  jobyard.child.kill('SIGTERM');
  await expect(listed).rejects.toThrow();
  expect(await jobyard.exit()).toBe(1);
  expect(jobyard.stdout()).toContain('"msg":"second SIGTERM, exiting"');
});
