import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { as } from '../access/callers.ts';
import { blocksOf, page, root } from '../docs/markdown.ts';
import { findFreePorts, waitUntilListening } from '../processes.ts';
import { type Sandboxes, startSandboxes } from '../start.ts';
import { startContainer } from './container.ts';
import { accessOf, toSystem } from './deployed-config.ts';
import { buildImage, findObstacle, type Image } from './image.ts';

const obstacle = findObstacle();

describe.skipIf(obstacle)(`the image${obstacle ? `: skipped, as ${obstacle}` : ''}`, { timeout: 120_000 }, () => {
  let image: Image;
  let sandboxes: Sandboxes;
  beforeAll(async () => {
    image = buildImage();
    sandboxes = await startSandboxes(10);
  }, 600_000);
  afterAll(async () => {
    image?.remove();
    await Promise.all(Object.values(sandboxes ?? {}).map((sandbox) => sandbox.close()));
  });

  /** The folders of a container with a configuration, as Kubernetes mounts them: its files are links. */
  async function createMounts(): Promise<Record<string, string>> {
    const [configuration, secrets, store] = await Promise.all(['etc', 'secrets', 'store'].map(createFolder));
    if (!configuration || !secrets || !store) throw new Error('Not created');
    const userId = Number.parseInt(image.settings.User, 10);
    const systems = Object.values(sandboxes).map((sandbox) => toSystem(sandbox, '/run/secrets/jobyard'));
    await writeFile(join(configuration, 'data'), stringify({ systems: systems.map(({ entry }) => entry), access: accessOf('console') }));
    await symlink('data', join(configuration, 'jobyard.yaml'));
    for (const { name, value } of systems.flatMap((system) => system.secrets)) {
      await writeFile(join(secrets, `${name}.data`), value, { mode: 0o400 });
      await chown(join(secrets, `${name}.data`), userId, userId);
      await symlink(`${name}.data`, join(secrets, name));
    }
    // Other folders of the temporary folder are for their owner only.
    await Promise.all([chmod(configuration, 0o755), chmod(secrets, 0o755), chown(store, userId, userId)]);
    return { '/etc/jobyard': configuration, '/run/secrets/jobyard': secrets, [image.settings.WorkingDir]: store };
  }

  test('serves as process 1, without privileges, on a read-only file system, and stops at SIGTERM with code 0', async () => {
    const environment = { PORT: String(await findFreePorts(1)) };
    const healthCheck = () => startContainer(image, { command: image.settings.Healthcheck.Test.slice(1), environment }).closed;
    const mounts = await createMounts();
    const jobyard = startContainer(image, { mounts, environment });
    const ended = jobyard.closed.then((code) => expect.unreachable(`ended with ${code}: ${jobyard.stderr()}`));
    const origin = (await Promise.race([waitUntilListening(jobyard), ended])).replace('0.0.0.0', '127.0.0.1');
    const status = readFileSync(`/proc/${jobyard.processId()}/status`, 'utf8');
    const [userId] = image.settings.User.split(':');
    expect(status).toMatch(new RegExp(`^Uid:\\s${userId}\\s${userId}\\s`, 'm'));
    expect(status).toMatch(/^NSpid:\s\d+\s1$/m);
    expect(status).toMatch(/^CapEff:\s0+$/m);

    const query = (text: string, headers: Record<string, string>) =>
      fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: text }),
      });
    expect(await (await query('{ jobs(first: 3) { nodes { id } complete } }', as('console'))).json()).toMatchObject({
      data: { jobs: { nodes: [{}, {}, {}], complete: true } },
    });
    expect((await query('{ __typename }', {})).status).toBe(401);
    const consolePage = await fetch(`${origin}/console`);
    expect([consolePage.status, consolePage.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const readStore = async () => (await query('{ jobEvents(first: 1) { edges { cursor } } }', as('console'))).json();
    await expect.poll(readStore, { timeout: 60_000 }).toEqual({ data: { jobEvents: { edges: [] } } });
    expect(existsSync(join(mounts[image.settings.WorkingDir] ?? '', 'data/postgres/PG_VERSION'))).toBe(true);
    expect(await healthCheck()).toBe(0);

    process.kill(jobyard.processId(), 'SIGTERM');
    expect(await jobyard.closed).toBe(0);
    expect(jobyard.stderr()).toBe('');
    expect(await healthCheck()).toBe(1);
  });

  test('ends with code 2 and one line without a configuration', async () => {
    const container = startContainer(image);
    expect(await container.closed).toBe(2);
    expect(container.stdout()).toBe('');
    expect(container.stderr()).toMatch(/^[^\n]*\/etc\/jobyard\/jobyard\.yaml[^\n]*\n$/);
  });

  test('finds packages in the folder above its own, as docs/deploy.md installs those for traces', async () => {
    const [{ text = '' } = {}] = blocksOf(page('docs/deploy.md'), 'dockerfile');
    const [, folder, packages = ''] = /^RUN npm install --prefix (\S+) (.+)$/m.exec(text) ?? [];
    expect(packages.split(' ').toSorted()).toEqual(Object.keys(manifest.peerDependencies).toSorted());
    expect(text).toContain(`USER ${image.settings.User}\n`);
    const environment = { PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const lacking = startContainer(image, { mounts: await createMounts(), environment });
    expect([await lacking.closed, lacking.stderr()]).toEqual([2, expect.stringContaining('expected the packages')]);
    const mounts = { ...(await createMounts()), [`${folder}/node_modules`]: join(root, 'node_modules') };
    await waitUntilListening(startContainer(image, { mounts, environment }));
  });

  test("finds a vendor's package at the root, as docs/deploy.md installs it", async () => {
    const [, { text = '' } = {}] = blocksOf(page('docs/deploy.md'), 'dockerfile');
    const [, reference = '', target = '', link = ''] =
      /^RUN npm install --prefix \/ --omit=peer (\S+) && ln -s (\S+) (\S+)$/m.exec(text) ?? [];
    const modules = await createFolder('modules');
    const example = join(root, 'examples/adapter');
    const parameters = ['-p', join(example, 'tsconfig.build.json'), '--noCheck', '--outDir', join(modules, reference, 'dist')];
    execFileSync(join(root, 'node_modules/.bin/tsc'), parameters);
    await cp(join(example, 'package.json'), join(modules, reference, 'package.json'));
    await cp(join(root, 'node_modules/zod'), join(modules, 'zod'), { recursive: true });
    await symlink(target, join(modules, relative('/node_modules', link)));
    const configuration = await createFolder('etc');
    await writeFile(
      join(configuration, 'jobyard.yaml'),
      stringify({
        systems: [{ id: 'night', vendor: reference, url: 'http://127.0.0.1:1', token: { env: 'TOKEN' } }],
        access: accessOf('console'),
      }),
    );
    await Promise.all([modules, configuration].map((folder) => chmod(folder, 0o755)));
    const mounts = { '/node_modules': modules, '/etc/jobyard': configuration };
    const container = startContainer(image, { mounts, environment: { TOKEN: 'secret' }, parameters: ['check'] });
    expect([await container.closed, container.stdout(), container.stderr()]).toEqual([
      0,
      'The configuration is valid. Systems: night.\n',
      '',
    ]);
  });

  test.each([
    [['--version'], new RegExp(`^${manifest.version}\n$`)],
    [['apikey', 'console'], /sha256: [0-9a-f]{64}/],
  ])('runs the command %j', async (parameters, output) => {
    const container = startContainer(image, { parameters });
    expect(await container.closed, container.stderr()).toBe(0);
    expect(container.stdout()).toMatch(output);
  });

  test("has the package's files, which only root can change, and nothing of the checkout or of the build", () => {
    const installation = join(image.folder, 'opt/jobyard');
    const names = readdirSync(installation);
    expect(names).toEqual(expect.arrayContaining(['dist', 'node_modules', 'package.json', 'schema', 'src']));
    for (const name of ['.npmrc', '.git', 'package-lock.json', 'test', 'docs', 'data']) expect(names).not.toContain(name);
    expect(names.filter((name) => name.endsWith('.tgz'))).toEqual([]);
    expect(existsSync(join(image.folder, 'root/.npmrc'))).toBe(false);
    const packages = readdirSync(join(installation, 'node_modules'));
    expect(packages).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies).filter((name) => !name.startsWith('@'))));
    for (const name of ['vitest', 'typescript', 'rolldown']) expect(packages).not.toContain(name);
    for (const name of ['.', 'dist', 'dist/jobyard.js', 'node_modules']) {
      const { uid, mode } = lstatSync(join(installation, name));
      expect([name, uid, mode & 0o022]).toEqual([name, 0, 0]);
    }
  });

  test('has the dependencies of package-lock.json', () => {
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')).packages;
    const locked = read(join(import.meta.dirname, '../../package-lock.json'));
    const installed: Record<string, { version: string }> = read(join(image.folder, 'opt/jobyard/node_modules/.package-lock.json'));
    const differing = Object.entries(installed).filter(([path, { version }]) => locked[path]?.version !== version);
    expect(Object.keys(installed).length).toBeGreaterThan(10);
    expect(differing).toEqual([]);
  });
});

async function createFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `jobyard-${name}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
