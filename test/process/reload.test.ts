import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startKylinSandbox } from '../../src/vendors/kylin/sandbox/index.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { transports } from '../live/clients.ts';
import { findFreePorts, type RunningProcess, run, waitUntilListening } from '../processes.ts';
import { writePlugIn } from './plug-in-module.ts';

type Sandbox = Awaited<ReturnType<typeof startKylinSandbox>>;

let sandbox: Sandbox;
let passwordFile: string;
let auditFile: string;
let configFile: string;
beforeEach(async () => {
  sandbox = await startKylinSandbox({ jobs: 3, switches: { arrivals: false } });
  onTestFinished(() => sandbox.close());
  passwordFile = writeTemporaryFile(String(sandbox.settings.password), 'password');
  auditFile = writeTemporaryFile('', 'audit.jsonl');
  configFile = writeTemporaryFile(configuration());
});

/** The text of a configuration with one Kylin; `system`: further keys of it, `more`: further keys beside. */
function configuration({ system = '', more = '', audit = '' } = {}): string {
  return `systems: [{ id: kylin, vendor: kylin, url: "${sandbox.url}", username: ADMIN, password: { file: ${passwordFile} }${system} }]
audit: { file: ${auditFile}${audit} }
${more}
`;
}

function accessOf(keys: Record<string, string>): string {
  const entries = Object.entries(keys).map(
    ([name, key]) =>
      `{ name: ${name}, sha256: ${createHash('sha256').update(key).digest('hex')}, scopes: [jobs:read, systems:read, jobs:cancel] }`,
  );
  return `access: { apiKeys: [${entries.join(', ')}] }`;
}

interface Started extends RunningProcess {
  origin: string;
  /** Sends SIGHUP and waits until it has been obeyed; the log's lines of that. */
  reload(): Promise<Record<string, unknown>[]>;
}

async function start(): Promise<Started> {
  const port = await findFreePorts(1);
  const jobyard = run('src/main.ts', ['--port', String(port), '--config', configFile]);
  const origin = `http://127.0.0.1:${port}`;
  await waitUntilListening(jobyard);
  const lines = (): Record<string, unknown>[] =>
    jobyard
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  return {
    ...jobyard,
    origin,
    async reload() {
      const before = lines().length;
      const isEnd = ({ msg, error }: Record<string, unknown>): boolean => msg === 'configuration reloaded' || error !== undefined;
      jobyard.child.kill('SIGHUP');
      await expect.poll(() => lines().slice(before).some(isEnd), { timeout: 10_000 }).toBe(true);
      return lines()
        .slice(before)
        .filter(({ msg }) => msg !== 'graphql' && msg !== 'rejected');
    },
  };
}

async function ask(origin: string, query: string, key?: string) {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(`${origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, answer: await response.json() };
}

const listing = '{ jobs(first: 10) { nodes { id } complete systems { problem { code } } } }';

describe('SIGHUP', () => {
  test('20 times under load, no request is lost and each gets a response from the system', async () => {
    const jobyard = await start();
    let asked = 0;
    let isOver = false;
    const wrong: unknown[] = [];
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        asked += 1;
        const { status, answer } = await ask(jobyard.origin, listing).catch((error: unknown) => ({ status: 0, answer: String(error) }));
        if (status !== 200 || answer.data?.jobs?.complete !== true || answer.data.jobs.nodes.length !== 3) wrong.push(answer);
      }
    });
    for (let round = 0; round < 20; round += 1) {
      // Another adapter and other limits each time.
      writeFileSync(
        configFile,
        configuration({ system: `, timeoutMs: ${20_000 + round}`, more: `limits: { maxDepth: ${12 + (round % 2)} }` }),
      );
      jobyard.child.kill('SIGHUP');
      const before = asked;
      await expect.poll(() => asked, { interval: 5, timeout: 20_000 }).toBeGreaterThan(before + 3);
    }
    const [last] = await jobyard.reload();
    isOver = true;
    await Promise.all(load);
    expect(wrong).toEqual([]);
    expect(last).toMatchObject({ msg: 'configuration reloaded' });
    jobyard.child.kill('SIGTERM');
    expect(await jobyard.exit()).toBe(0);
    expect(jobyard.stderr()).toBe('');
  });

  test('accepts a new key, rejects the old one, and ends what the old one has open', async () => {
    writeFileSync(configFile, configuration({ more: accessOf({ console: 'jobyard_old', other: 'jobyard_other' }) }));
    const jobyard = await start();
    const id = `kylin:${sandbox.state.addJob({ state: 'RUNNING' })}`;
    const following = `subscription { jobsChanged(ids: ["${id}"]) { id } }`;
    const follow = (key: string) =>
      Object.values(transports).map((follow) => follow(jobyard.origin, following, { headers: { authorization: `Bearer ${key}` } }));
    const ofOld = follow('jobyard_old');
    const ofOther = follow('jobyard_other');
    for (const each of [...ofOld, ...ofOther]) expect((await each.answer(1)).data.jobsChanged).toEqual({ id });
    writeFileSync(configFile, configuration({ more: accessOf({ console: 'jobyard_new', other: 'jobyard_other' }) }));
    expect(await jobyard.reload()).toMatchObject([{ changed: ['access'] }]);
    for (const each of ofOld) await each.end;
    await expect
      .poll(async () => (await fetch(`${jobyard.origin}/metrics`)).text(), { timeout: 10_000 })
      .toContain(`\njobyard_subscriptions ${ofOther.length}\n`);
    for (const each of ofOther) each.stop();
    expect((await ask(jobyard.origin, listing, 'jobyard_old')).status).toBe(401);
    expect((await ask(jobyard.origin, listing, 'jobyard_new')).status).toBe(200);
    expect((await ask(jobyard.origin, listing, 'jobyard_other')).status).toBe(200);
  });

  test("doesn't turn access control off if the key is missing, as in a file that is cut off", async () => {
    writeFileSync(configFile, configuration({ more: `server: { host: 0.0.0.0 }\n${accessOf({ console: 'jobyard_old' })}` }));
    const jobyard = await start();
    writeFileSync(configFile, configuration({ more: 'limits: { maxDepth: 3 }' }));
    const lines = await jobyard.reload();
    expect(lines.map(({ setting }) => setting).filter(Boolean)).toEqual([
      'server.host changed: restart Jobyard to apply it',
      'access was removed: restart Jobyard to turn access control off',
    ]);
    expect(lines.at(-1)).toMatchObject({ msg: 'configuration reloaded', changed: ['limits'] });
    expect((await ask(jobyard.origin, listing)).status).toBe(401);
    expect((await ask(jobyard.origin, listing, 'jobyard_old')).status).toBe(200);
  });

  test('applies a limit to all later requests', async () => {
    const jobyard = await start();
    const deep = '{ jobs { nodes { system { id } } } }';
    expect((await ask(jobyard.origin, deep)).answer.errors).toBeUndefined();
    writeFileSync(configFile, configuration({ more: 'limits: { maxDepth: 3, maxBodyBytes: 1024 }' }));
    expect(await jobyard.reload()).toMatchObject([{ changed: ['limits'] }]);
    expect((await ask(jobyard.origin, deep)).answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect((await ask(jobyard.origin, `{ __typename } ${' '.repeat(2_000)}`)).status).toBe(413);
  });

  test("applies a vendor's new password, and lets requests in flight finish with the old one", async () => {
    const jobyard = await start();
    expect((await ask(jobyard.origin, listing)).answer.data.jobs.nodes).toHaveLength(3);
    sandbox.faults.add({ fault: { kind: 'slow', ms: 1_500 } });
    const seen = sandbox.requests.count();
    const underWay = ask(jobyard.origin, listing);
    await expect.poll(() => sandbox.requests.count(), { interval: 5, timeout: 10_000 }).toBeGreaterThan(seen);
    const account = sandbox.state.accounts.find('ADMIN', true);
    if (!account) throw new Error('No account');
    writeFileSync(passwordFile, 'another-password');
    expect(await jobyard.reload()).toMatchObject([{ changed: ['kylin'] }]);
    expect((await underWay).answer.data.jobs.nodes).toHaveLength(3);
    account.password = 'another-password';
    expect((await ask(jobyard.origin, listing)).answer.data.jobs.nodes).toHaveLength(3);
  });

  test('tries rejected credentials again immediately, even unchanged ones', async () => {
    writeFileSync(passwordFile, 'changed-at-the-vendor-first');
    const jobyard = await start();
    const refused = { data: { jobs: { complete: false, systems: [{ problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } }] } } };
    for (let each = 0; each < 2; each += 1) expect((await ask(jobyard.origin, listing)).answer).toMatchObject(refused);
    const account = sandbox.state.accounts.find('ADMIN', true);
    if (!account) throw new Error('No account');
    account.password = 'changed-at-the-vendor-first';
    // Left alone for 5 minutes.
    expect((await ask(jobyard.origin, listing)).answer).toMatchObject(refused);
    expect(await jobyard.reload()).toMatchObject([{ changed: ['kylin'] }]);
    expect((await ask(jobyard.origin, listing)).answer.data.jobs.nodes).toHaveLength(3);
    // Working connections aren't replaced.
    expect(await jobyard.reload()).toMatchObject([{ changed: [] }]);
  });

  test('imports plug-ins as the start does, applies their new settings, and reports those that are missing', async () => {
    const plugIn = writeTemporaryFile(writePlugIn(), 'memo.mjs');
    const configure = (vendor: string, names: string) =>
      writeFileSync(configFile, `systems: [{ id: memo, vendor: ${vendor}, names: [${names}] }]\naudit: { file: ${auditFile} }\n`);
    configure(plugIn, 'a, b');
    const jobyard = await start();
    const ids = async () => (await ask(jobyard.origin, listing)).answer.data.jobs.nodes.map(({ id }: { id: string }) => id);
    expect(await ids()).toEqual(['memo:a', 'memo:b']);
    configure(plugIn, 'c');
    expect(await jobyard.reload()).toMatchObject([{ changed: ['memo'] }]);
    expect(await ids()).toEqual(['memo:c']);
    expect(await jobyard.reload()).toMatchObject([{ changed: [] }]);
    configure(`${plugIn}.old`, 'd');
    expect(await jobyard.reload()).toMatchObject([
      { error: `${configFile}: systems[0].vendor: expected a module with an adapter, ${plugIn}.old can't be read (ENOENT)` },
    ]);
    expect(await ids()).toEqual(['memo:c']);
  });

  test('with errors in the configuration changes nothing and logs each error', async () => {
    const jobyard = await start();
    writeFileSync(configFile, configuration({ system: ', concurrency: 0', more: 'limits: { maxDepth: 3 }\nserver: { prot: 1 }' }));
    const errors = (await jobyard.reload()).map(({ error }) => String(error).replace(`${configFile}: `, ''));
    expect(errors).toEqual(['server.prot: unknown key (did you mean "port"?)', 'systems[0].concurrency: expected 1 to 64 requests, got 0']);
    expect((await ask(jobyard.origin, '{ jobs { nodes { system { id } } } }')).answer.errors).toBeUndefined();
    rmSync(configFile);
    expect(await jobyard.reload()).toMatchObject([{ error: expect.stringContaining('ENOENT') }]);
    expect((await ask(jobyard.origin, listing)).answer.data.jobs.nodes).toHaveLength(3);
  });

  test('reports what requires a restart, one line each without values, and applies the rest', async () => {
    const jobyard = await start();
    writeFileSync(
      configFile,
      configuration({
        audit: ', retentionDays: 9',
        more: `server: { port: 4001, deadlineMs: 9000 }
store: { url: { file: ${writeTemporaryFile('postgres://u:swordfish@h/d', 'store')} } }
log: { level: debug }`,
      }).replace('systems: [', 'systems: [{ id: new, vendor: kinetica, url: "http://h" }, '),
    );
    const lines = await jobyard.reload();
    expect(lines.map(({ setting }) => setting).filter(Boolean)).toEqual([
      'server.deadlineMs changed: restart Jobyard to apply it',
      'audit.retentionDays changed: restart Jobyard to apply it',
      'store changed: restart Jobyard to apply it',
      'systems: "new" is new: restart Jobyard to connect it',
    ]);
    expect(jobyard.stdout()).not.toContain('swordfish');
    expect(lines.at(-1)).toMatchObject({ msg: 'configuration reloaded' });
  });

  test("reopens the audit log's file after a rotation that renamed it", async () => {
    const jobyard = await start();
    const [{ id }] = (await ask(jobyard.origin, listing)).answer.data.jobs.nodes;
    const dryRun = `mutation { cancelJobs(input: { ids: ["${id}"], dryRun: true, reason: "rotation" }) { results { __typename } } }`;
    await ask(jobyard.origin, dryRun);
    const before = readFileSync(auditFile, 'utf8');
    expect(before).not.toBe('');
    renameSync(auditFile, `${auditFile}.1`);
    await jobyard.reload();
    expect(existsSync(auditFile)).toBe(true);
    await ask(jobyard.origin, dryRun);
    expect(readFileSync(`${auditFile}.1`, 'utf8')).toBe(before);
    expect(readFileSync(auditFile, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('loses and splits no audit log entry, however often the file is renamed under load', async () => {
    const jobyard = await start();
    const ids = Array.from({ length: 300 }, () => `kylin:${sandbox.state.addJob({ state: 'RUNNING' })}`);
    const left = [...ids];
    let done = 0;
    const wrong: unknown[] = [];
    const load = Array.from({ length: 4 }, async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        const cancel = `mutation { cancelJobs(input: { ids: ["${id}"], reason: "${'x'.repeat(900)}" }) { summary { succeeded } } }`;
        const { answer } = await ask(jobyard.origin, cancel);
        if (answer.data?.cancelJobs.summary.succeeded !== 1) wrong.push(answer);
        done += 1;
      }
    });
    const rotations = 8;
    const files = [...Array.from({ length: rotations }, (_, index) => `${auditFile}.${index + 1}`), auditFile];
    for (const rotated of files.slice(0, -1)) {
      const before = done;
      await expect.poll(() => done, { interval: 1, timeout: 20_000 }).toBeGreaterThan(before + 10);
      renameSync(auditFile, rotated);
      jobyard.child.kill('SIGHUP');
      await expect.poll(() => existsSync(auditFile), { interval: 1, timeout: 10_000 }).toBe(true);
    }
    expect(done).toBeLessThan(ids.length);
    await Promise.all(load);
    expect(wrong).toEqual([]);

    const texts = files.map((file) => readFileSync(file, 'utf8'));
    for (const text of texts) expect(text).toMatch(/^\{.*\}\n$/s);
    const kinds = new Map<string, string[]>(ids.map((id) => [id, []]));
    for (const line of texts.join('').trimEnd().split('\n')) {
      const { audit, jobIds, results }: { audit: string; jobIds?: string[]; results?: { jobId: string }[] } = JSON.parse(line);
      for (const id of jobIds ?? results?.map(({ jobId }) => jobId) ?? []) kinds.get(id)?.push(audit);
    }
    for (const [id, ofJob] of kinds) expect({ id, ofJob }).toEqual({ id, ofJob: ['intent', 'sent', 'outcome'] });
  });
});

describe('other signals are ignored', () => {
  test('SIGUSR1 opens no inspector, and SIGUSR2 ends nothing', async () => {
    const jobyard = await start();
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGUSR1'] as const) {
      const lines = () => jobyard.stdout().split(`"signal":"${signal}","msg":"ignored"`).length;
      const before = lines();
      jobyard.child.kill(signal);
      await expect.poll(lines, { timeout: 10_000 }).toBe(before + 1);
    }
    expect((await ask(jobyard.origin, listing)).status).toBe(200);
    const inspector = connect(9229, '127.0.0.1');
    const opened = await new Promise((resolve) => inspector.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    inspector.destroy();
    expect(opened).toBe(false);
    expect(jobyard.stderr()).toBe('');
  });

  test('while Jobyard starts and while it closes', async () => {
    const port = await findFreePorts(1);
    const jobyard = run('src/main.ts', ['--port', String(port), '--config', configFile]);
    const timer = setInterval(() => {
      // Before Node itself has begun, nothing of ours can take a signal.
      if (readFileSync(`/proc/${jobyard.child.pid}/status`, 'utf8').match(/SigCgt:\s*[\da-f]*[13579bdf]$/m)) {
        for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) jobyard.child.kill(signal);
      }
    }, 20);
    onTestFinished(() => clearInterval(timer));
    await waitUntilListening(jobyard);
    sandbox.faults.add({ fault: { kind: 'slow', ms: 1_000 } });
    const seen = sandbox.requests.count();
    const underWay = ask(`http://127.0.0.1:${port}`, listing);
    await expect.poll(() => sandbox.requests.count(), { interval: 5, timeout: 10_000 }).toBeGreaterThan(seen);
    jobyard.child.kill('SIGTERM');
    expect((await underWay).answer.data.jobs.nodes).toHaveLength(3);
    clearInterval(timer);
    expect(await jobyard.exit()).toBe(0);
    expect(jobyard.stderr()).toBe('');
  });
});
