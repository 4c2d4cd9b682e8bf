import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { configureSystems } from '../configure-systems.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { blocksOf, codeSpansOf, pages, root, type Sample } from './markdown.ts';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Scripts that run until they are stopped, the output that shows that they are ready, and the flag that makes them find a free port. */
const servers: Record<string, { ready: RegExp; freePort: string }> = {
  dev: { ready: /"msg":"listening"/, freePort: '--port 0' },
  start: { ready: /"msg":"listening"/, freePort: '--port 0' },
  sandbox: { ready: /^systems:$/m, freePort: '--base-port 0' },
  'example:federation': { ready: /Stop with Ctrl-C/, freePort: '--port 0' },
};

/** Scripts that run these very tests, change the checkout or take minutes: only that they exist is checked. */
const notRunHere: ReadonlySet<string> = new Set([
  ...[
    'test',
    'test:unit',
    'test:watch',
    'test:long',
    'api',
    'coverage',
    'build',
    'build:console',
    'build:playground',
    'check',
    'codegen',
    'lint:fix',
    'typecheck',
    'abuse',
    'soak',
    'soak -- --minutes 2',
    'crash-test',
  ],
  ...['bench', 'bench -- bulk', 'bench -- --against ../before', 'simulate', 'simulate -- --seconds 120', 'simulate -- --only lists'],
]);

/** Commands of docs/deploy.md for Docker, Kubernetes, or systemd, and for the files that they need. */
const ofPlatforms = /^(?:docker|kubectl|sudo|mkdir|openssl|echo) /;

let jobyard: WithSandboxes;
let folder: string;
/** What a reader has set before. */
const environment: Record<string, string> = { JOBYARD_KEY: 'jobyard_key', VAULT_SESSION: 'session' };
beforeAll(async () => {
  jobyard = await startWithSandboxes();
  folder = await mkdtemp(join(tmpdir(), 'jobyard-'));
  const { systems, environment: secrets } = configureSystems(Object.values(jobyard.sandboxes));
  Object.assign(environment, secrets);
  await writeFile(join(folder, 'jobyard.yaml'), stringify({ systems }));
});
afterAll(async () => {
  await jobyard.close();
  await rm(folder, { recursive: true });
});

const commands = new Map<string, string>();
/** What a reader of docs/add-a-vendor.md does with the package: test/package runs it. */
const isWithPackage = ({ text }: Sample): boolean => text.startsWith('npm install jobyard\n');
for (const page of pages) {
  const inText = codeSpansOf(page).filter(({ text }) => /^(?:npm|npx|node|curl|docker|kubectl|sudo) /.test(text));
  for (const { place, text } of [
    ...blocksOf(page, 'sh')
      .filter((block) => !isWithPackage(block))
      .flatMap(splitCommands),
    ...inText,
  ])
    if (!commands.has(text)) commands.set(text, place);
}

test('there are commands to run, in README.md first of all', () => {
  expect(commands.get('npm ci && npm start')).toMatch(/^README\.md:/);
});

test('npm ci works: the lock file matches package.json', () => {
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  expect(lock.packages['']).toMatchObject({ dependencies, devDependencies });
});

// A process that starts on a busy machine takes its time.
describe('the command', { timeout: 60_000 }, () => {
  test.each([...commands])('%s (%s)', async (command) => {
    if (command.startsWith('curl ')) {
      const { stdout } = await runToEnd(command.replaceAll('http://127.0.0.1:4000', jobyard.origin));
      expect(stdout).not.toBe('');
      if (stdout.startsWith('{')) expect(JSON.parse(stdout)).toEqual({ data: expect.anything() });
      return;
    }
    if (ofPlatforms.test(command)) {
      // test/deploy starts what they start. Here: what they name is in the checkout.
      const files = command.match(/\bdeploy\/[\w./-]+/g) ?? [];
      expect(files.filter((file) => !file.includes('/secrets') && !existsSync(root + file))).toEqual([]);
      return;
    }
    if (command.startsWith('npx vitest run ')) {
      const files = command.split(' ').filter((word) => /^(?:test|packages)\//.test(word));
      expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
      expect(files).not.toEqual([]);
      return;
    }
    const [, program] = /^npx jobyard(?: (?!--)(\w+))?/.exec(command) ?? [];
    if (command.startsWith('npx jobyard')) {
      // test/package runs them from the package.
      expect([undefined, 'check', 'sandbox', 'apikey', 'schema', 'conformance', 'COMMAND']).toContain(program);
      return;
    }
    if (/^npm (?:pack|ci|audit)$/.test(command)) return;
    const [, script, flags] = /^(?:npm ci && )?npm (?:run )?(?:--silent )?([\w:-]+)( -- .*| > .*)?$/.exec(command) ?? [];
    if (!script) throw new Error('No test can run this');
    expect(Object.keys(scripts)).toContain(script);
    if (notRunHere.has(script + (flags ?? ''))) return;
    // Installations are skipped, the reader's files exist, and output files are redirected.
    const runnable = command
      .replace('npm ci && ', '')
      .replace(/--config \S+/, `--config ${join(folder, 'jobyard.yaml')}`)
      .replace(/> (\S+)$/, `> ${join(folder, '$1')} && cat ${join(folder, '$1')}`);
    const server = servers[script];
    const startsServer = server && !/ --(?:check|help|version)\b/.test(command);
    if (startsServer)
      await startAndStop(`${runnable.replace(/ --base-port N$/, '')}${flags ? '' : ' --'} ${server.freePort}`, server.ready);
    else expect((await runToEnd(runnable)).stdout).not.toBe('');
  });
});

/** The commands of a block. A command continues in the next line after a backslash or inside quotes. */
function splitCommands({ place, text }: Sample): Sample[] {
  const found: Sample[] = [];
  let open = '';
  for (const line of text.trimEnd().split('\n')) {
    open += open === '' ? line : `\n${line}`;
    if (line.endsWith('\\') || open.split("'").length % 2 === 0) continue;
    if (open.trim() !== '') found.push({ place, text: open });
    open = '';
  }
  if (open !== '') throw new Error(`${place}: a command without an end: ${open}`);
  return found;
}

/** A process group of its own, so that what npm starts ends with it. */
function start(command: string) {
  const child = spawn('bash', ['-c', command], {
    cwd: root,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close').then(([code]): number | null => code);
  const stop = () => {
    if (pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGTERM');
  };
  onTestFinished(stop);
  return { output: () => stdout + stderr, stdout: () => stdout, closed, stop };
}

async function runToEnd(command: string): Promise<{ stdout: string }> {
  const { output, stdout, closed } = start(command);
  expect(await closed, output()).toBe(0);
  return { stdout: stdout() };
}

async function startAndStop(command: string, ready: RegExp): Promise<void> {
  const { output, closed, stop } = start(command);
  const ended = closed.then((code) => {
    throw new Error(`It ended with ${code}: ${output()}`);
  });
  await Promise.race([ended, expect.poll(output, { timeout: 45_000 }).toMatch(ready)]);
  ended.catch(() => {});
  stop();
  await closed;
}
