import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../../build/declarations.ts';

/** The variables of a command: nothing of this process but the way to this Node.js. */
const environment = (folder: string): Record<string, string> => ({
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  HOME: process.env.HOME ?? folder,
});

export interface Ended {
  code: number | string;
  stdout: string;
  stderr: string;
}

/** A folder below a path with spaces, in which others may read. */
export function createFolder(name: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'jobyard package ')), name);
  chmodSync(dirname(folder), 0o755);
  mkdirSync(folder);
  return folder;
}

/** Makes the package and installs it alone, without any development dependency. Returns the folder. */
export async function installPackage(): Promise<{ folder: string; tarball: string }> {
  const folder = createFolder('an empty folder');
  const packed = await execute('npm', ['pack', '--json', '--pack-destination', dirname(folder)], { cwd: root });
  // The build's lines precede it, and the object that the console's own `npm ci` prints, as it inherits --json.
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.search(/^\[$/m)));
  const tarball = join(dirname(folder), filename);
  const manifest = { private: true, type: 'module', dependencies: { jobyard: `file:../${filename}` } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockInstallation(manifest)));
  await execute('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  return { folder, tarball };
}

interface LockedPackage {
  dev?: boolean;
  devOptional?: boolean;
  [key: string]: unknown;
}

/**
 * The lock file of an installation, with the versions of this checkout: its packages are in npm's cache, so that the installation asks no
 * registry, and tomorrow's versions of others can't fail the tests.
 */
function lockInstallation(manifest: { dependencies: { jobyard: string } }): object {
  const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { '': ofRoot, ...others } = packages;
  const { version, license, bin, engines, dependencies, peerDependencies, peerDependenciesMeta } = ofRoot ?? {};
  const jobyard = {
    resolved: manifest.dependencies.jobyard,
    version,
    license,
    bin,
    engines,
    dependencies,
    peerDependencies,
    peerDependenciesMeta,
  };
  const installed = Object.entries(others).filter(([, { dev = false, devOptional = false }]) => !dev && !devOptional);
  return {
    lockfileVersion: 3,
    requires: true,
    packages: { '': manifest, 'node_modules/jobyard': jobyard, ...Object.fromEntries(installed) },
  };
}

/** Runs a command to its end, which must be code 0. */
export async function execute(command: string, parameters: readonly string[], options: SpawnOptions & { cwd: string }): Promise<Ended> {
  const ended = await runToEnd(command, parameters, options);
  if (ended.code !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${ended.code}\n${ended.stdout}${ended.stderr}`);
  return ended;
}

/** Runs a command to its end, whatever its exit code. */
export async function runToEnd(command: string, parameters: readonly string[], options: SpawnOptions & { cwd: string }): Promise<Ended> {
  const { stdout, stderr, closed } = startCommand(command, parameters, options);
  return { code: await closed, stdout: stdout(), stderr: stderr() };
}

export interface Started {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Its exit code, or the signal that ended it. */
  closed: Promise<number | string>;
}

export function startCommand(command: string, parameters: readonly string[], options: SpawnOptions & { cwd: string }): Started {
  const child = spawn(command, parameters, {
    ...options,
    env: { ...environment(options.cwd), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
  return { child, stdout: () => stdout, stderr: () => stderr, closed };
}

/** Starts a command that is killed when the test ends. */
export function startInTest(command: string, parameters: readonly string[], options: SpawnOptions & { cwd: string }): Started {
  const started = startCommand(command, parameters, options);
  onTestFinished(async () => {
    started.child.kill('SIGKILL');
    await started.closed;
  });
  return started;
}
