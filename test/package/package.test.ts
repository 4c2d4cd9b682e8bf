import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../build/declarations.ts';
import manifest from '../../package.json' with { type: 'json' };
import bullmqManifest from '../../packages/bullmq/package.json' with { type: 'json' };
import { createConfigSchema } from '../../src/config/json-schema.ts';
import { printSdl } from '../../src/graphql/type-definitions.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { findOrigin } from '../find-origin.ts';
import { post } from '../processes.ts';
import { createFolder, execute, installPackage, runToEnd, startInTest } from './installed.ts';

let folder: string;
let tarball: string;
let bin: string;
beforeAll(async () => {
  ({ folder, tarball } = await installPackage());
  bin = join(folder, 'node_modules/.bin/jobyard');
}, 300_000);
afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }));

const waitForOrigin = async (stdout: () => string): Promise<string> => {
  await expect.poll(() => findOrigin(stdout()), { timeout: 30_000 }).not.toBeNull();
  return findOrigin(stdout()) ?? '';
};

test('contains compiled code with types and source maps, and no source or test', () => {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  const named = (pattern: RegExp): string[] => files.filter((file) => pattern.test(file));
  for (const file of [
    'dist/jobyard.js',
    'dist/jobyard.js.map',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/exports/embed.d.ts',
    'console/dist/index.html',
    'console/dist/documents.json',
    'console/dist/THIRD-PARTY-LICENSES.txt',
    'playground/dist/index.html',
    'playground/dist/THIRD-PARTY-LICENSES.txt',
    'schema/job.graphql',
    'LICENSE',
    'CHANGELOG.md',
  ])
    expect(files).toContain(`package/${file}`);
  expect(named(/^package\/(?:test|bench|examples(?!\/adapter\/)|node_modules|data)\//)).toEqual([]);
  // The example is there to be copied.
  expect(named(/^package\/(?!examples\/adapter\/).*(?<!\.d)\.ts$/)).toEqual([]);
  expect(named(/migrations\/.*\.sql$/)).toHaveLength(
    readdirSync(join(root, 'src/store/migrations')).filter((file) => file.endsWith('.sql')).length,
  );
});

test("contains each page that README.md links to, with that page's own links", () => {
  const from = join(folder, 'node_modules/jobyard');
  const links = Array.from(readFileSync(join(from, 'README.md'), 'utf8').matchAll(/\]\(([\w/.-]+\.md)[)#]/g), ([, file = '']) => file);
  expect(links.length).toBeGreaterThan(5);
  const onlyInCheckout = new Set(['bench/README.md', 'examples/federation/README.md']);
  expect(links.filter((file) => !onlyInCheckout.has(file) && !existsSync(join(from, file)))).toEqual([]);
});

describe('the installation', () => {
  test('brings no development dependency and no optional one', () => {
    const installed = new Set(readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' }));
    // Some are also dependencies of dependencies.
    const locked: Record<string, { dev?: boolean }> = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const absent = Object.keys(manifest.devDependencies).filter((name) => locked[`node_modules/${name}`]?.dev);
    expect(absent).toEqual(expect.arrayContaining(['vitest', 'typescript', ...Object.keys(manifest.peerDependencies)]));
    expect(absent.filter((name) => installed.has(name))).toEqual([]);
  });

  test('brings no package that is in the code, and the code names the license of each', () => {
    const licenses = readFileSync(join(folder, 'node_modules/jobyard/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const contained = Array.from(licenses.matchAll(/^(\S+) \d+\.\d+\.\S+ \(.+\)$/gm), ([, name = '']) => name);
    expect(contained).toEqual(expect.arrayContaining(['@apollo/server', 'graphql', 'pg', 'pg-boss', 'cockatiel']));
    const direct = contained.filter((name) => name in manifest.devDependencies);
    expect(direct.length).toBeGreaterThan(15);
    expect(direct.filter((name) => existsSync(join(folder, 'node_modules', name)))).toEqual([]);
    expect(licenses).not.toContain('(see below)\n\n---');
  });

  test('brings at most 70 MB', () => {
    const megabytes = Number(/^\d+/.exec(execFileSync('du', ['-sm', join(folder, 'node_modules')], { encoding: 'utf8' }))?.[0]);
    expect(megabytes).toBeGreaterThan(40);
    expect(megabytes).toBeLessThanOrEqual(70);
  });

  test('has a reason in docs/package.md for each package of more than 2 MB', () => {
    const names = readdirSync(join(folder, 'node_modules'))
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => (name.startsWith('@') ? readdirSync(join(folder, 'node_modules', name)).map((own) => `${name}/${own}`) : [name]));
    const kilobytes = (name: string) =>
      Number.parseInt(execFileSync('du', ['-sk', join(folder, 'node_modules', name)], { encoding: 'utf8' }), 10);
    const large = names.filter((name) => kilobytes(name) > 2048);
    expect(large).toContain('@electric-sql/pglite');
    const page = readFileSync(join(root, 'docs/package.md'), 'utf8');
    expect(large.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the command', () => {
  test.each([
    ['--version', `${manifest.version}\n`],
    ['check', 'The configuration is valid. Systems: none. Jobyard starts with a sandbox of each vendor.\n'],
    ['schema', printSdl('direct')],
    ['schema --profile plain', printSdl('plain')],
    ['schema --profile full', printSdl('full')],
    ['schema --profile core', printSdl('core')],
    ['schema --configuration', `${JSON.stringify(createConfigSchema(), null, 2)}\n`],
  ])('npx jobyard %s prints what the checkout does', async (line, output) => {
    const ended = await runToEnd('npx', ['jobyard', ...line.split(' ')], { cwd: folder });
    expect(ended).toEqual({ code: 0, stdout: output, stderr: '' });
  });

  test('--help names each command, and each command has its own', async () => {
    const { stdout } = await execute(bin, ['--help'], { cwd: folder });
    expect(stdout).toMatch(/^Usage: npx jobyard \[options\]\n/);
    const names = Array.from(stdout.slice(stdout.indexOf('Other commands')).matchAll(/^ {2}(\w+) /gm), ([, name = '']) => name);
    expect(names).toEqual(['check', 'sandbox', 'apikey', 'schema', 'conformance']);
    for (const name of names)
      expect((await execute(bin, [name, '--help'], { cwd: folder })).stdout).toMatch(new RegExp(`^Usage: npx jobyard ${name}`));
  });

  test.each([
    [
      'an unknown command',
      ['apikee'],
      'command line: expected a command or an option, got "apikee" (did you mean "apikey"?); see --help\n',
    ],
    ['an unknown parameter', ['schema', '--profile', 'small'], '--profile: expected direct, plain, core, full, got "small"\n'],
    ['a name that is missing', ['apikey'], expect.stringMatching(/^NAME: expected 1 to 64 letters, .*, got nothing\n$/)],
  ])('exits with 2 and one line for %s', async (_what, parameters, stderr) => {
    expect(await runToEnd(bin, parameters, { cwd: folder })).toEqual({ code: 2, stdout: '', stderr });
  });

  test('apikey prints a key', async () => {
    expect((await execute(bin, ['apikey', 'console'], { cwd: folder })).stdout).toMatch(/sha256: [0-9a-f]{64}/);
  });

  test('conformance passes with what sandbox starts', { timeout: 120_000 }, async () => {
    const sandbox = startInTest(bin, ['sandbox', '--base-port', '0', '--jobs', '20'], { cwd: folder });
    await expect.poll(sandbox.stdout, { timeout: 30_000 }).toMatch(/^systems:\n(?:.*\n)+$/m);
    const [, variables = '', yaml = ''] =
      /jobyard\.yaml, and run: npx jobyard --config jobyard\.yaml\n\n(.*?)\n\n(systems:.*)/s.exec(sandbox.stdout()) ?? [];
    const config = join(createFolder('configured'), 'jobyard.yaml');
    writeFileSync(config, yaml);
    const env = Object.fromEntries(Array.from(variables.matchAll(/^export (\w+)='(.*)'$/gm), ([, name, value]) => [name, value]));
    const { stdout } = await execute(bin, ['conformance', '--config', config], { cwd: folder, env });
    expect(stdout).toMatch(/^ok {4}/m);
    sandbox.child.kill('SIGTERM');
    expect(await sandbox.closed).toBe(0);
  });

  test('says what to install for traces, and exits with 2', async () => {
    const ended = await runToEnd(bin, ['--port', '0'], { cwd: folder, env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' } });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT: expected the packages [^\n]*npm install @opentelemetry[^\n]*\n$/),
    });
  });

  test('exits with 1 and one line on an old Node.js', async () => {
    const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })";
    const ended = await runToEnd(process.execPath, ['--import', `data:text/javascript,${older}`, bin], { cwd: folder });
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Jobyard requires Node\.js 22\.19 or newer, got 20\.19\.0\.[^\n]*\n$/),
    });
  });
});

/** A query for jobs, the playground, and the console of a Jobyard that has just started. */
async function expectToServe(origin: string): Promise<void> {
  expect(await post(origin, '{ jobs(first: 3) { nodes { id } complete } }')).toMatchObject({
    data: { jobs: { nodes: [{}, {}, {}], complete: true } },
  });
  const playground = await fetch(origin);
  expect(playground.headers.get('content-security-policy')).toContain("script-src 'self'");
  const [, script] = /<script [^>]*src="\.\/([^"]+)"/.exec(await playground.text()) ?? [];
  expect(await (await fetch(`${origin}/${script}`)).text()).toContain('graphiql-container');
  expect((await fetch(`${origin}/console/overview`)).status).toBe(200);
}

describe('the server', () => {
  test('starts in an empty folder, with room for new objects as with npm start, and stops at a signal', async () => {
    const empty = createFolder('empty');
    const jobyard = startInTest(bin, ['--port', '0'], { cwd: empty });
    await expectToServe(await waitForOrigin(jobyard.stdout));
    if (existsSync('/proc/self/cmdline')) {
      // The same process ID: whoever started the command signals the server itself.
      expect(readFileSync(`/proc/${jobyard.child.pid}/cmdline`, 'utf8').split('\0')).toContain('--max-semi-space-size=16');
    }
    jobyard.child.kill('SIGTERM');
    expect(await jobyard.closed).toBe(0);
    expect(jobyard.stderr()).toBe('');
    expect(readdirSync(empty)).toEqual([]);
  });

  test('keeps a store in a folder', { timeout: 120_000 }, async () => {
    const data = join(createFolder('stored'), 'data');
    const jobyard = startInTest(bin, ['--port', '0', '--store', data], { cwd: folder });
    const origin = await waitForOrigin(jobyard.stdout);
    await expect
      .poll(async () => (await post(origin, '{ jobEvents(first: 1) { edges { cursor } } }')).errors, { timeout: 60_000 })
      .toBeUndefined();
    jobyard.child.kill('SIGTERM');
    expect(await jobyard.closed).toBe(0);
    expect(existsSync(data)).toBe(true);
  });

  test('starts for a user without privileges, in read-only folders, and writes nothing', { timeout: 120_000 }, async (context) => {
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    if (isRoot && (await runToEnd(process.execPath, ['--version'], { cwd: '/', ...user }).catch(() => null))?.code !== 0) {
      context.skip('an unprivileged user may not run this Node.js');
    }
    const cache = join(folder, 'node_modules/jobyard/node_modules');
    rmSync(cache, { recursive: true, force: true });
    execFileSync('chmod', ['-R', 'a-w,a+rX', dirname(folder)]);
    try {
      const jobyard = startInTest(bin, ['--port', '0'], { cwd: folder, ...user, env: { HOME: '/nowhere' } });
      await expectToServe(await waitForOrigin(jobyard.stdout));
      if (!isRoot) expect(() => accessSync(folder, constants.W_OK)).toThrow();
      jobyard.child.kill('SIGTERM');
      expect(await jobyard.closed).toBe(0);
      expect(jobyard.stderr()).toBe('');
      expect(existsSync(cache)).toBe(false);
    } finally {
      execFileSync('chmod', ['-R', 'u+w', dirname(folder)]);
    }
  });
});

describe('the exports', () => {
  const program = `import { type Config, loadConfig, printSdl, type StartedJobyard, start, version } from 'jobyard';
import { createProblem, defineVendor, fail, type JobSystemAdapter, type Vendor } from 'jobyard/adapter';
import { checks, type Subject, Violation } from 'jobyard/conformance';
import { createClock, createRandom, startSandboxServer, type Sandbox } from 'jobyard/sandbox';

export type Used = [JobSystemAdapter, Vendor, Subject, Sandbox];
const config: Config | { errors: string[] } = await loadConfig(['--port', '0'], {});
if ('errors' in config) throw new Error(config.errors.join());
const jobyard: StartedJobyard = await start(config, { log: { write() {} } });
const response = await fetch(\`\${jobyard.origin}/graphql\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ jobs(first: 1) { complete } }' }),
});
const problem = fail(createProblem('TIMED_OUT', 'late'));
const kinds = [defineVendor, createClock, createRandom, startSandboxServer, Violation].map((value) => typeof value);
console.log(JSON.stringify([await response.json(), problem.ok, checks.length > 10, kinds, printSdl('core').length > 1000, version]));
await jobyard.close();
`;

  test('have types that the compiler accepts, and start a Jobyard that stops', { timeout: 120_000 }, async () => {
    const user = createFolder('embedding');
    writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }');
    await mkdir(join(user, 'node_modules'));
    for (const name of readdirSync(join(folder, 'node_modules')).filter((name) => name !== '@types'))
      execFileSync('ln', ['-s', join(folder, 'node_modules', name), join(user, 'node_modules', name)]);
    execFileSync('ln', ['-s', join(root, 'node_modules/@types'), join(user, 'node_modules/@types')]);
    writeFileSync(join(user, 'program.ts'), program);
    const options = {
      module: 'NodeNext',
      target: 'ES2024',
      strict: true,
      types: ['node'],
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
    };
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }));
    expect(await runToEnd(join(root, 'node_modules/.bin/tsc'), ['-p', user], { cwd: user })).toMatchObject({ code: 0, stdout: '' });
    const { stdout } = await execute(process.execPath, ['program.js'], { cwd: user });
    const kinds = ['function', 'function', 'function', 'function', 'function'];
    expect(JSON.parse(stdout)).toEqual([{ data: { jobs: { complete: true } } }, false, true, kinds, true, manifest.version]);
  });

  test('have nothing else: no file within the package can be imported', async () => {
    const ended = await runToEnd(process.execPath, ['--input-type=module', '-e', "await import('jobyard/dist/app.js')"], { cwd: folder });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_PACKAGE_PATH_NOT_EXPORTED') });
  });
});

describe('examples/adapter, copied as docs/add-a-vendor.md says', () => {
  /** The folder of the copy, inside the folder of the installation. */
  let copy: string;

  /** What `npm install` in the copy installs, without asking a registry. The rest is in the folder around it. */
  const installDevelopment = async (): Promise<void> => {
    await mkdir(join(copy, 'node_modules/.bin'), { recursive: true });
    for (const name of ['typescript', '@types', '.bin/tsc'])
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  };

  beforeAll(async () => {
    const [start] = blocksOf(page('docs/add-a-vendor.md'), 'sh');
    const commands = start?.text.trim().split('\n') ?? [];
    expect(commands[0]).toBe('npm install jobyard');
    copy = folder;
    for (const command of commands.slice(1)) {
      const [, to] = /^cd (.+)$/.exec(command) ?? [];
      if (to) copy = join(copy, to);
      else if (command === 'npm install') await installDevelopment();
      else await execute('bash', ['-c', command], { cwd: copy });
    }
  }, 240_000);

  test('passes its tests, and the conformance suite of the command', { timeout: 120_000 }, async () => {
    expect(copy).not.toBe(folder);
    const { stdout } = await execute('npx', ['jobyard', 'conformance', '--vendor', './src/index.ts'], { cwd: copy });
    expect(stdout).toMatch(/^ok {4}nightrun {2}support\.consistent {2}MUST /);
    expect(stdout).toMatch(/^ok {4}nightrun {2}act\.effect /m);
    expect(stdout).not.toContain('FAIL');
  });

  test('serves the jobs of its sandbox, installed as a package', { timeout: 120_000 }, async () => {
    await execute('npm', ['run', 'build'], { cwd: copy });
    await mkdir(join(folder, 'node_modules/@acme'));
    symlinkSync(copy, join(folder, 'node_modules/@acme/jobyard-nightrun'));
    const parameters = ['sandbox', '--base-port', '0', '--jobs', '20', '--vendor', '@acme/jobyard-nightrun'];
    const sandbox = startInTest(bin, parameters, { cwd: folder });
    await expect.poll(sandbox.stdout, { timeout: 30_000 }).toMatch(/^systems:\n(?:.*\n)+$/m);
    const [, token = ''] = /^export NIGHTRUN_TOKEN='(.*)'$/m.exec(sandbox.stdout()) ?? [];
    const config = join(folder, 'jobyard.yaml');
    writeFileSync(config, /^systems:.*/ms.exec(sandbox.stdout())?.[0] ?? '');
    const env = { NIGHTRUN_TOKEN: token };
    // From another folder: the package is found from the configuration file's.
    const elsewhere = createFolder('elsewhere');
    const jobyard = startInTest(bin, ['--port', '0', '--config', config, '--store', join(elsewhere, 'data')], { cwd: elsewhere, env });
    const origin = await waitForOrigin(jobyard.stdout);
    const { data } = await post(
      origin,
      '{ jobs(first: 3, filter: { statuses: [FAILED] }) { nodes { id system { vendor } failure { message } } complete } }',
    );
    expect(data.jobs.complete).toBe(true);
    expect(data.jobs.nodes[0]).toEqual({
      id: expect.stringMatching(/^nightrun:run-/),
      system: { vendor: 'nightrun' },
      failure: { message: expect.any(String) },
    });
    expect(await runToEnd(bin, ['check', '--config', config], { cwd: elsewhere })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /systems\[0\]\.token: expected the environment variable NIGHTRUN_TOKEN to contain the secret, it is not set\n$/,
      ),
    });
  });
});

describe('@jobyard/bullmq, packed and installed beside it', () => {
  test('has the versions that the tests of this checkout use', () => {
    const { devDependencies, dependencies } = manifest;
    const used = new Map(Object.entries({ ...devDependencies, ...dependencies }));
    for (const [name, version] of Object.entries(bullmqManifest.dependencies)) expect(used.get(name), name).toBe(version);
    expect(bullmqManifest.version).toBe(manifest.version);
  });

  test('is found by its name, and connects with what it brings', { timeout: 120_000 }, async () => {
    // Its types come from the build of the package before.
    const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', dirname(folder)], {
      cwd: join(root, 'packages/bullmq'),
    });
    const [{ filename }] = JSON.parse(stdout.slice(stdout.search(/^[[{]$/m)));
    const installed = join(createFolder('with bullmq'), 'node_modules');
    const user = dirname(installed);
    await mkdir(join(installed, '@jobyard/bullmq'), { recursive: true });
    execFileSync('tar', ['-xzf', join(dirname(folder), filename), '--strip-components=1', '-C', join(installed, '@jobyard/bullmq')]);
    for (const name of ['jobyard', 'zod']) symlinkSync(join(folder, 'node_modules', name), join(installed, name));
    for (const name of ['bullmq', 'ioredis']) symlinkSync(join(root, 'node_modules', name), join(installed, name));
    const config = join(user, 'jobyard.yaml');
    writeFileSync(config, 'systems: [{ id: queues, vendor: "@jobyard/bullmq", url: "redis://127.0.0.1:1", queues: [mail] }]\n');
    expect(await runToEnd(bin, ['check', '--config', config], { cwd: user })).toEqual({
      code: 0,
      stdout: 'The configuration is valid. Systems: queues.\n',
      stderr: '',
    });
    const { stdout: checked } = await runToEnd(bin, ['conformance', '--config', config], { cwd: user });
    expect(checked).toContain('queues can\'t be reached: "ECONNREFUSED".');
  });
});

test('npm run sbom lists the packages of an installation, and those in the code', { timeout: 120_000 }, async () => {
  const { stdout } = await execute('npm', ['run', '--silent', 'sbom'], { cwd: root });
  const { bomFormat, components } = JSON.parse(stdout);
  expect(bomFormat).toBe('CycloneDX');
  const names = new Set(components.map(({ name }: { name: string }) => name));
  for (const name of Object.keys(manifest.dependencies)) expect(names, name).toContain(name);
  // In the code, as what it requires.
  for (const name of ['graphql', '@apollo/server', 'ajv']) expect(names, name).toContain(name);
  expect(names).not.toContain('vitest');
});
