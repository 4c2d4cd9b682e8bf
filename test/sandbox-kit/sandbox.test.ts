import { createServer } from 'node:http';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startJobyard } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { vendors } from '../../src/vendors/index.ts';
import { startKylinSandbox } from '../../src/vendors/kylin/sandbox/index.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { findFreePorts, post, type RunningProcess, run, runJobyard } from '../processes.ts';
import { createUnavailableStore } from '../unavailable-store.ts';

describe('the sandbox command', () => {
  test('serves each vendor on its own port, in the order of the registry', async () => {
    const port = await findFreePorts(vendors.length);
    const sandbox = await runSandbox('--base-port', String(port));
    expect(Object.keys(sandbox.urls)).toEqual(vendors.map(({ name }) => name));
    expect(Object.values(sandbox.urls).map((url) => new URL(url).origin)).toEqual(
      vendors.map((_vendor, index) => `http://127.0.0.1:${port + index}`),
    );
    // Each vendor's specific response proves that this vendor listens there.
    const at = (vendor: string, path: string) => `${sandbox.urls[vendor]}${path}`;
    expect((await fetch(at('aodocs', '/job/v1/none'))).headers.get('content-type')).toContain('application/json');
    expect(await (await fetch(at('kinetica', '/show/system/status'), { method: 'POST', body: '{}' })).text()).toContain('data_type');
    expect(await (await fetch(at('kylin', '/jobs'))).text()).toContain('KE-0');
    expect(await (await fetch(at('veeva-vault', '/api/v26.1/services/jobs/monitors'))).text()).toContain('INVALID_SESSION_ID');
  });

  test('prints a configuration with which Jobyard lists the jobs of all sandboxes', async () => {
    const sandbox = await runSandbox('--jobs', '10');
    expect(sandbox.yaml).not.toMatch(/(?:password|securityCode|token): [^\n]/);
    const names = ['AODOCS_SECURITYCODE', 'KINETICA_PASSWORD', 'KYLIN_PASSWORD', 'VEEVA_VAULT_PASSWORD'];
    expect(Object.keys(sandbox.variables)).toEqual(expect.arrayContaining(names));
    const jobyard = await runJobyard(['--config', writeTemporaryFile(sandbox.yaml)], sandbox.variables);
    const { data } = await post(
      jobyard.origin,
      '{ jobs(first: 500) { complete systems { system { id } returnedCount problem { message } } } }',
    );
    expect(data.jobs.complete).toBe(true);
    for (const { returnedCount, problem } of data.jobs.systems) {
      expect(problem).toBeNull();
      expect(returnedCount).toBeGreaterThan(0);
      expect(returnedCount).toBeLessThan(40);
    }
    expect(data.jobs.systems).toHaveLength(vendors.length);
  });

  test('creates the same jobs for the same seed, and others for another', async () => {
    const runs = await Promise.all(['7', '7', '8'].map((seed) => runSandbox('--seed', seed, '--jobs', '30')));
    const [one, same, other] = await Promise.all(runs.map(listJobIds));
    expect(one?.length).toBeGreaterThan(60);
    expect(same).toEqual(one);
    const withoutTimes = other?.filter((id) => !id.endsWith('TIME')) ?? [];
    expect(withoutTimes.filter((id) => one?.includes(id)).length).toBeLessThan(10);
    expect(other).not.toEqual(one);
  });

  test('delays responses by the configured latency', async () => {
    const { urls } = await runSandbox('--latency-ms', '400');
    expect((await fetch(`${new URL(String(urls.kylin)).origin}/_sandbox`)).status).toBe(200);
    const startedAtMs = performance.now();
    await fetch(`${urls.kylin}/jobs`);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(395);
  });

  test('starts those of the named vendors only', async () => {
    const { urls, yaml } = await runSandbox('--vendor', 'kylin', '--vendor', 'aodocs', '--jobs', '1');
    expect(Object.keys(urls)).toEqual(['kylin', 'aodocs']);
    expect(Array.from(yaml.matchAll(/vendor: (\S+)/g), ([, name]) => name)).toEqual(['kylin', 'aodocs']);
  });

  test('exits with 0 when it is stopped', async () => {
    const sandbox = await runSandbox();
    sandbox.child.kill('SIGTERM');
    expect(await sandbox.exit()).toBe(0);
    expect(sandbox.stderr()).toBe('');
  });

  test.each([
    [['--base-port', 'x'], /^--base-port: expected a port from 0 to 65535, got "x"\n$/],
    [['--base-port', '65535'], /^--base-port: expected a port from 0 to \d+, [^\n]+, got "65535"\n$/],
    [['--jobs=-1', '--seed', '1.5'], /^--seed: [^\n]+\n--jobs: [^\n]+\n$/],
    [['--vendor', 'kilyn', '--vendor', './nowhere.js'], /^--vendor: [^\n]+\(did you mean "kylin"\?\)\n--vendor: [^\n]+ENOENT[^\n]+\n$/],
    [['--latency', '5'], /^--latency: unknown option \(did you mean "--latency-ms"\?\)\n$/],
  ])('rejects %j with exit code 2 and without a stack trace', async (flags, complaint) => {
    const sandbox = run('src/jobyard.js', ['sandbox', ...flags]);
    expect(await sandbox.exit()).toBe(2);
    expect(sandbox.stderr()).toMatch(complaint);
    expect(sandbox.stderr()).not.toMatch(/^\s+at /m);
    expect(sandbox.stdout()).toBe('');
  });

  test('names a port in use, with exit code 1', async () => {
    const port = await findFreePorts(vendors.length);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port + 2, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    const sandbox = run('src/jobyard.js', ['sandbox', '--base-port', String(port)]);
    expect(await sandbox.exit()).toBe(1);
    expect(sandbox.stderr()).toMatch(new RegExp(`^[^\\n]*EADDRINUSE[^\\n]*${port + 2}\\n$`));
  });
});

describe('the control endpoint of a sandbox', () => {
  test('advances its clock, changes its switches, and lists and clears its requests', async () => {
    const control = await startControl();
    const before = await control.read('');
    expect(before).toMatchObject({ requests: 0, switches: { arrivals: true } });

    await control.write('/clock', { advanceMs: 86_400_000 });
    await control.write('/switches', { arrivals: false });
    const after = await control.read('');
    expect(Date.parse(after.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(86_400_000);
    expect(after.switches.arrivals).toBe(false);

    await fetch(`${control.origin}/kylin/api/jobs?project=a`);
    expect(await control.read('/requests')).toEqual([{ method: 'GET', target: '/kylin/api/jobs?project=a', body: '' }]);
    await fetch(`${control.origin}/_sandbox/requests`, { method: 'DELETE' });
    expect(await control.read('/requests')).toEqual([]);
  });

  test('adds faults with a count, and clears them', async () => {
    const control = await startControl();
    const status = async () => (await fetch(`${control.origin}/kylin/api/jobs`)).status;
    const usual = await status();
    await control.write('/faults', { fault: { kind: 'answer', status: 503 }, path: '/jobs', skip: 1, times: 2 });
    expect([await status(), await status(), await status(), await status()]).toEqual([usual, 503, 503, usual]);
    await control.write('/faults', { fault: { kind: 'answer', status: 502 }, times: 'always' });
    expect([await status(), await status()]).toEqual([502, 502]);
    await fetch(`${control.origin}/_sandbox/faults`, { method: 'DELETE' });
    expect(await status()).toBe(usual);
  });

  test('adds a front end', async () => {
    const control = await startControl();
    const read = () => fetch(`${control.origin}/kylin/api/jobs`);
    const usual = await (await read()).text();
    await control.write('/faults', { fault: { kind: 'front-end', codings: ['gzip', 'br'], informational: [103] } });
    const compressed = await read();
    expect(compressed.headers.get('content-encoding')).toBe('gzip, br');
    expect(await compressed.text()).toBe(usual);
  });

  test.each([
    ['POST', '/clock', '{ "advanceMs": -1 }', 400],
    ['POST', '/clock', 'soon', 400],
    ['POST', '/faults', '{ "fault": { "kind": "fire" } }', 400],
    ['POST', '/faults', '{ "fault": { "kind": "slow", "ms": 1 }, "when": "always" }', 400],
    ['POST', '/faults', '{ "fault": { "kind": "front-end", "informational": [101] } }', 400],
    ['POST', '/switches', '{ "noSuchSwitch": true }', 400],
    ['POST', '/nothing', '{}', 404],
    ['PUT', '/clock', '{ "advanceMs": 1 }', 404],
  ])('%s %s rejects %s', async (method, path, body, expected) => {
    const { origin } = await startControl();
    const response = await fetch(`${origin}/_sandbox${path}`, { method, body });
    expect(response.status).toBe(expected);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/./) });
  });
});

/** Runs `npm run sandbox` on free ports by default, and returns its output once it listens. */
async function runSandbox(...flags: string[]) {
  const sandbox: RunningProcess = run('src/jobyard.js', ['sandbox', '--base-port', '0', ...flags]);
  await expect.poll(sandbox.stdout, { timeout: 15_000 }).toContain('\nsystems:\n');
  await expect.poll(sandbox.stdout).toMatch(/\n\n$/);
  const output = sandbox.stdout();
  return {
    ...sandbox,
    urls: Object.fromEntries(Array.from(output.matchAll(/^ {2}([\w-]+) +(http\S+)/gm), ([, vendor, url]) => [String(vendor), String(url)])),
    variables: Object.fromEntries(
      Array.from(output.matchAll(/^export (\w+)='(.*)'$/gm), ([, name, value]) => [String(name), String(value)]),
    ),
    yaml: output.slice(output.indexOf('\nsystems:\n')),
  };
}

/** The control endpoint of a fresh sandbox. */
async function startControl() {
  const sandbox = await startKylinSandbox({ jobs: 1 });
  onTestFinished(() => sandbox.close());
  const { origin } = new URL(sandbox.url);
  return {
    origin,
    read: async (path: string) => (await fetch(`${origin}/_sandbox${path}`)).json(),
    async write(path: string, body: unknown) {
      const response = await fetch(`${origin}/_sandbox${path}`, { method: 'POST', body: JSON.stringify(body) });
      expect(response.status).toBe(200);
    },
  };
}

/** The ids of all jobs of the sandboxes, sorted. */
async function listJobIds({ yaml, variables }: { yaml: string; variables: Record<string, string> }): Promise<string[]> {
  const config = await loadConfig(['--config', writeTemporaryFile(yaml), '--port', '0'], variables);
  if ('errors' in config) throw new Error(config.errors.join('\n'));
  const jobyard = await startJobyard(
    { ...config, systems: config.systems ?? [], store: createUnavailableStore() },
    pino({ level: 'silent' }),
  );
  onTestFinished(() => jobyard.close());
  const { data } = await post(jobyard.origin, '{ jobs(first: 500) { nodes { id } pageInfo { hasNextPage } } }');
  expect(data.jobs.pageInfo.hasNextPage).toBe(false);
  // Some vendors put the time of a job into its ID, and the jobs are as old as the start makes them.
  return data.jobs.nodes.map(({ id }: { id: string }) => id.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'TIME')).sort();
}
