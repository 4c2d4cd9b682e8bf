import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readStartParameters } from '../bench/start-command.ts';
import manifest from '../package.json' with { type: 'json' };
import { vendors } from '../src/vendors/index.ts';
import { startKylinSandbox } from '../src/vendors/kylin/sandbox/index.ts';
import { withSystem, writeTemporaryFile } from './config/load.ts';
import { writePlugIn } from './process/plug-in-module.ts';
import { findFreePorts, post, run, runJobyard } from './processes.ts';

describe('a start with an invalid configuration', () => {
  test('exits with 2 and prints one line per error on standard error, and nothing else', async () => {
    const file = writeTemporaryFile(
      `server: { prot: 1 }
systems:
  - { id: k, vendor: kylin, url: "http://svc:hunter2@h", username: u, password: hunter2 }
  - { id: k, vendor: kinetica, url: "http://h", token: { env: TOKEN }, concurrency: 0 }
`,
    );
    const jobyard = run('src/main.ts', ['--config', file], { TOKEN: 'swordfish', PORT: 'x' });
    expect(await jobyard.exit()).toBe(2);
    expect(jobyard.stdout()).toBe('');
    expect(jobyard.stderr().replaceAll(`${file}: `, '').split('\n')).toEqual([
      'server.prot: unknown key (did you mean "port"?)',
      'PORT: expected a port from 0 to 65535, got "x"',
      'systems[0].url: expected a URL without user name, password, ? and # (secrets have separate keys)',
      'systems[0].password: expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got something else',
      'systems[1].concurrency: expected 1 to 64 requests, got 0',
      'systems[1].id: expected a unique name, "k" is taken',
      '',
    ]);
  });

  test.each([
    [
      'a file that is not there',
      ['--config', '/nowhere/jobyard.yaml'],
      "/nowhere/jobyard.yaml: expected a configuration file, it can't be read (ENOENT)",
    ],
    ['an empty file name', ['--config', ''], '--config: expected a file, got ""'],
    ['a flag that is unknown', ['--prot', '1'], '--prot: unknown option (did you mean "--port"?)'],
  ])('exits with 2 and one line, without a stack trace, for %s', async (_what, flags, line) => {
    const jobyard = run('src/main.ts', flags);
    expect(await jobyard.exit()).toBe(2);
    expect(jobyard.stderr()).toBe(`${line}\n`);
    expect(jobyard.stdout()).toBe('');
  });

  test('exits with 1 and one line that names a port in use and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const jobyard = run('src/main.ts', ['--port', port, '--config', writeTemporaryFile(withSystem(''))]);
    expect(await jobyard.exit()).toBe(1);
    expect(jobyard.stderr()).toMatch(new RegExp(`^Can't listen on 127\\.0\\.0\\.1:${port}: [^\\n]*EADDRINUSE[^\\n]*--port[^\\n]*\\n$`));
    expect(jobyard.stdout()).toBe('');
  });

  test('exits with 1 and one line if the adapter of a plug-in throws', async () => {
    const plugIn = writeTemporaryFile(writePlugIn("createAdapter() { throw new Error('no\\n  license'); },"), 'memo.mjs');
    const jobyard = run('src/main.ts', ['--port', '0', '--config', writeTemporaryFile(`systems: [{ id: m, vendor: ${plugIn} }]`)]);
    expect(await jobyard.exit()).toBe(1);
    expect(jobyard.stderr()).toBe("m can't be connected, as the adapter of Memo threw: no license\n");
    expect(jobyard.stdout()).toBe('');
  });

  test("exits with 1 and one line for another machine's host", async () => {
    const jobyard = run('src/main.ts', ['--host', 'nobody.invalid', '--port', '0', '--config', writeTemporaryFile(withSystem(''))]);
    expect(await jobyard.exit()).toBeGreaterThan(0);
    expect(jobyard.stderr()).toMatch(/^[^\n]*nobody\.invalid[^\n]*\n$/);
  });
});

describe('commands that start no server', () => {
  test("--help prints the options, and --version the package's version", async () => {
    const help = run('src/main.ts', ['--help']);
    expect(await help.exit()).toBe(0);
    expect(help.stdout()).toMatch(/^Usage: npm start -- \[options\]\n/);
    for (const flag of ['--config FILE', '--host HOST', '--port PORT', '--store FOLDER', '--check', '--version', '--help']) {
      expect(help.stdout()).toContain(`\n  ${flag} `);
    }
    const version = run('src/main.ts', ['--version']);
    expect(await version.exit()).toBe(0);
    expect(version.stdout()).toBe(`${manifest.version}\n`);
  });

  test("--check prints a configuration's errors and exits with 2, or its systems and exits with 0, without contacting them", async () => {
    const valid = run('src/main.ts', ['--check', '--config', writeTemporaryFile(withSystem(''))]);
    expect(await valid.exit()).toBe(0);
    expect(valid.stdout()).toMatch(/^The configuration is valid\. Systems: \w+\.\n$/);
    const invalid = run('src/main.ts', ['--check', '--config', writeTemporaryFile('server: { prot: 1 }')]);
    expect(await invalid.exit()).toBe(2);
    expect(invalid.stderr()).toContain('server.prot: unknown key (did you mean "port"?)\n');
    expect(invalid.stdout()).toBe('');
  });
});

test('bench, abuse, soak, and crash-test start the same as `npm start`, from any folder', () => {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const parameters = readStartParameters(root);
  const fromRoot = parameters.map((parameter) => parameter.replace(root, ''));
  expect(['node', ...fromRoot].join(' ')).toBe(manifest.scripts.start.replaceAll(' ./', ' '));
  for (const path of parameters.filter((parameter) => parameter.includes('/'))) expect(existsSync(path), path).toBe(true);
});

describe('a start without configuration', () => {
  test('writes the addresses and an example query that returns jobs of a sandbox of each vendor', async () => {
    const jobyard = await runJobyard();
    // Nothing but JSON: standard output is a pipe here.
    const lines = jobyard
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-2)).toMatchObject({ level: 40, msg: 'Access control is off: every local user has full access.' });
    const start = lines.at(-1);
    expect(start).toMatchObject({ graphql: `${jobyard.origin}/graphql`, playground: `${jobyard.origin}/`, msg: 'listening' });
    expect(start.systems).toEqual(
      vendors.map(({ name }) => ({ id: name, vendor: name, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/), sandbox: true })),
    );

    const [, url, header, body] = /curl -s (\S+) -H '(.+?): application\/json' -d '(.+)'/.exec(start.example) ?? [];
    const response = await fetch(String(url), { method: 'POST', headers: { [String(header)]: 'application/json' }, body: String(body) });
    expect(await response.json()).toMatchObject({ data: { jobs: { nodes: [{}, {}, {}], complete: true } } });

    const { data } = await post(jobyard.origin, '{ jobs(first: 500) { systems { system { id } returnedCount } complete } }');
    expect(data.jobs.complete).toBe(true);
    expect(data.jobs.systems.filter(({ returnedCount }: { returnedCount: number }) => returnedCount > 0)).toHaveLength(vendors.length);
    expect((await fetch(`${jobyard.origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${jobyard.origin}/playground`)).status).toBe(200);

    jobyard.child.kill('SIGTERM');
    expect(await jobyard.exit()).toBe(0);
    expect(jobyard.stderr()).toBe('');
  });

  test.runIf(existsSync('/usr/bin/script'))('prints the banner on a terminal', async () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    // script (util-linux) gives the command a pseudo terminal, and copies what it prints. Without exec, a shell that gets Ctrl-C too would exit
    // with 130.
    const child = spawn('/usr/bin/script', ['-qefc', `exec ${process.execPath} ${main} --port 0`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await expect.poll(() => output, { timeout: 30_000 }).toContain('Stop with Ctrl-C');
    expect(output).toMatch(/^ {2}GraphQL {5}http:\/\/127\.0\.0\.1:\d+\/graphql\r$/m);
    expect(output).not.toContain('"msg":"listening"');
    // Ctrl-C
    child.stdin.write('\u0003');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('listens on the configured port', async () => {
    const port = await findFreePorts(1);
    const jobyard = await runJobyard(['--port', String(port)]);
    expect(jobyard.origin).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  });
});

test('starts while all systems are unavailable: it is ready, and reports each system as down', async () => {
  const port = await findFreePorts(1);
  const url = `url: "http://127.0.0.1:${port}"`;
  const secret = '{ env: SECRET }';
  const file = writeTemporaryFile(`systems:
  - { id: kinetica, vendor: kinetica, ${url} }
  - { id: vault, vendor: veeva-vault, ${url}, username: u, password: ${secret} }
  - { id: kylin, vendor: kylin, ${url}, username: u, password: ${secret} }
  - { id: aodocs, vendor: aodocs, ${url}, securityCode: ${secret}, libraries: [a] }
`);
  const jobyard = await runJobyard([], { JOBYARD_CONFIG: file, SECRET: 'swordfish' });
  expect((await fetch(`${jobyard.origin}/readyz`)).status).toBe(200);
  const { data, errors } = await post(
    jobyard.origin,
    '{ jobs { nodes { id } complete systems { status problem { code } } } jobSystems { id health { status problem { code message } } } }',
  );
  expect(errors).toBeUndefined();
  const down = { status: 'UNAVAILABLE', problem: { code: 'SYSTEM_UNAVAILABLE' } };
  expect(data.jobs).toEqual({ nodes: [], complete: false, systems: [down, down, down, down] });
  for (const { id, health } of data.jobSystems) {
    expect(health).toMatchObject({ status: 'DOWN', problem: { code: 'SYSTEM_UNAVAILABLE' } });
    expect(health.problem.message).toBe(`${id} can't be reached: the connection was refused (ECONNREFUSED).`);
  }
  jobyard.child.kill('SIGTERM');
  expect(await jobyard.exit()).toBe(0);
  expect(jobyard.stdout() + jobyard.stderr()).not.toContain('swordfish');
});

test.each([
  ['info', 1],
  ['warn', 0],
])('at the level %s, the log has %d lines per request', async (level, lines) => {
  const jobyard = await runJobyard(['--config', writeTemporaryFile(`log: { level: ${level} }\n${withSystem('')}`)]);
  await post(jobyard.origin, '{ __typename }');
  jobyard.child.kill('SIGTERM');
  expect(await jobyard.exit()).toBe(0);
  expect(jobyard.stdout().split('"msg":"graphql"').length - 1).toBe(lines);
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('finishes a slow request, accepts no new one, and exits with 0', async () => {
    const sandbox = await startKylinSandbox({ jobs: 3 });
    onTestFinished(() => sandbox.close());
    sandbox.faults.add({ fault: { kind: 'slow', ms: 1500 }, times: 'always' });
    const file = writeTemporaryFile(
      `systems: [{ id: kylin, vendor: kylin, url: "${sandbox.url}", username: ADMIN, password: { env: PASSWORD } }]`,
    );
    const jobyard = await runJobyard(['--config', file], { PASSWORD: String(sandbox.settings.password) });
    const answer = post(jobyard.origin, '{ jobs { nodes { id } complete } }');
    await expect.poll(() => sandbox.requests.count()).toBe(1);
    jobyard.child.kill(signal);
    await expect.poll(() => connectTo(jobyard.origin)).toBe('ECONNREFUSED');
    expect(jobyard.child.exitCode).toBeNull();
    expect((await answer).data.jobs).toMatchObject({ nodes: [{}, {}, {}], complete: true });
    const answeredAtMs = performance.now();
    expect(await jobyard.exit()).toBe(0);
    // Not as late as the client lets its connection go, which is kept alive for 4 seconds.
    expect(performance.now() - answeredAtMs).toBeLessThan(2000);
    expect(jobyard.stderr()).toBe('');
  });
});

test.each([
  ['no request', ''],
  ['half a request', 'GET /livez HTTP/1.1\r\nhost: 127'],
])("SIGTERM doesn't wait for a connection with %s", async (_what, text) => {
  const jobyard = await runJobyard(['--config', writeTemporaryFile(withSystem(''))]);
  const { hostname, port } = new URL(jobyard.origin);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  // A separate request shows that the server has accepted the previous connection.
  await fetch(`${jobyard.origin}/livez`);
  const startedAtMs = performance.now();
  jobyard.child.kill('SIGTERM');
  expect(await jobyard.exit()).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(2000);
});

/** What becomes of a new connection. */
function connectTo(origin: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  }).then((outcome) => {
    socket.destroy();
    return String(outcome);
  });
}
