import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Started, startInTest } from '../package/installed.ts';
import type { Image } from './image.ts';

export interface ContainerOptions {
  /** In the place of the image's own command. */
  command?: readonly string[];
  /** After the entry point. */
  parameters?: readonly string[];
  environment?: Record<string, string>;
  /** Folders and files of this machine, by their path in the container. */
  mounts?: Record<string, string>;
}

export interface Container extends Started {
  /** On this machine; within the container, it is process 1. */
  processId(): number;
}

/**
 * What a container runtime does with the image, by util-linux: mounts, a process namespace of its own, a read-only root, the image's user
 * without privileges, and its command as process 1. It has this machine's network. Killed when the test ends.
 */
export function startContainer({ folder, settings }: Image, options: ContainerOptions = {}): Container {
  const { command = settings.Entrypoint, parameters = [], environment = {}, mounts = {} } = options;
  // Made before the root is read-only, as container runtimes do.
  for (const [path, source] of Object.entries(mounts)) makeMountPoint(join(folder, path), source);
  const variables = [defaultPath, ...settings.Env, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];
  const script = [
    'set -eu',
    `mount --bind ${quote(folder)} ${quote(folder)}`,
    ...Object.entries(mounts).map(([path, source]) => `mount --bind ${quote(source)} ${quote(join(folder, path))}`),
    `mount -t proc proc ${quote(join(folder, 'proc'))}`,
    `mount -o remount,bind,ro ${quote(folder)}`,
    `exec setpriv --no-new-privs chroot --userspec=${settings.User} --groups= ${quote(folder)} "$@"`,
  ].join('\n');
  const inside = [
    '/usr/bin/env',
    '-i',
    ...variables,
    '/bin/sh',
    '-c',
    'cd "$0" && exec "$@"',
    settings.WorkingDir,
    ...command,
    ...parameters,
  ];
  const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  const started = startInTest('unshare', [...namespaces, 'bash', '-c', script, 'bash', ...inside], { cwd: '/' });
  // Runs before that of startInTest. As the process changes its user, it outlives `unshare --kill-child`.
  onTestFinished(() => {
    if (started.child.exitCode === null && started.child.signalCode === null) process.kill(childOf(Number(started.child.pid)), 'SIGKILL');
  });
  return { ...started, processId: () => childOf(Number(started.child.pid)) };
}

/** Container runtimes set it where the image doesn't. */
const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function makeMountPoint(path: string, source: string): void {
  if (existsSync(path)) return;
  mkdirSync(statSync(source).isDirectory() ? path : dirname(path), { recursive: true });
  if (!statSync(source).isDirectory()) writeFileSync(path, '');
}

function childOf(processId: number): number {
  const [child] = readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8').split(' ');
  if (!child) throw new Error(`Process ${processId} has no child`);
  return Number(child);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
