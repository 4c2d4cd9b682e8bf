import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { root } from '../../build/declarations.ts';

/** An image of the Dockerfile, unpacked. */
export interface Image {
  /** Its root file system, as a container begins with it. */
  folder: string;
  settings: z.infer<typeof imageSettings>;
  remove(): void;
}

const imageSettings = z.object({
  User: z.string(),
  WorkingDir: z.string(),
  Env: z.array(z.string()),
  Entrypoint: z.array(z.string()),
  Healthcheck: z.object({ Test: z.array(z.string()) }),
});

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

/** Why no image can be built here, or null. Debian's packages `buildah` and `mmdebstrap`; .ci/run installs them. */
export function findObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'only root can build and start it';
  const missing = ['buildah', 'mmdebstrap', 'unshare', 'setpriv'].filter((command) => !has(command));
  return missing.length === 0 ? null : `there is no ${missing.join(', ')} here`;
}

/**
 * Builds the image with Buildah, which reads the same Dockerfile as Docker. No registry of images is needed: its base is made from Debian's
 * packages and this Node.js. Takes about a minute.
 */
export function buildImage(): Image {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-image-'));
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', findStorageDriver()];
  const buildah = (...parameters: string[]): string => run('buildah', [...storage, ...parameters]);
  const remove = (): void => {
    // Also its mounts, within which the removal would delete.
    buildah('rm', '--all');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const base = join(folder, 'base');
    makeBase(base);
    const container = buildah('from', 'scratch');
    buildah('add', '--quiet', container, base, '/');
    rmSync(base, { recursive: true });
    if (process.env.NODE_EXTRA_CA_CERTS) buildah('config', '--env', `NODE_EXTRA_CA_CERTS=${certificates}`, container);
    buildah('commit', '--quiet', '--rm', container, 'localhost/base');
    const npmrc = join(homedir(), '.npmrc');
    const secret = existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : [];
    const parameters = ['--isolation', 'chroot', '--format', 'docker', '--build-arg', 'BASE=localhost/base', ...secret, '-t', 'jobyard'];
    buildah('bud', '--quiet', ...parameters, root);
    const { Docker } = z
      .object({ Docker: z.object({ config: imageSettings }) })
      .parse(JSON.parse(buildah('inspect', '--type', 'image', 'jobyard')));
    const mounted = buildah('mount', buildah('from', 'jobyard'));
    return { folder: mounted, settings: Docker.config, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** `vfs` works everywhere, but copies all files for each layer. */
function findStorageDriver(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-storage-'));
  try {
    const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'overlay'];
    return spawnSync('buildah', [...storage, 'from', 'scratch']).status === 0 ? 'overlay' : 'vfs';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the base has the certificates that this machine trusts in addition to those of Node.js. */
const certificates = '/etc/ssl/certs/extra.pem';

/** What the Dockerfile expects of its base: Node.js, npm, and a shell. */
function makeBase(folder: string): void {
  const [, suite = 'stable'] = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  const packages = 'base-files,libc6,libstdc++6,dash,coreutils,tar,gzip,sed,grep';
  // Without their scripts, which only a system that boots needs.
  run('mmdebstrap', ['--quiet', '--variant=extract', `--include=${packages}`, suite, folder]);
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\n');
  const local = join(folder, 'usr/local');
  mkdirSync(join(local, 'lib/node_modules'), { recursive: true });
  mkdirSync(join(local, 'bin'), { recursive: true });
  copyFileSync(process.execPath, join(local, 'bin/node'));
  cpSync(join(run('npm', ['root', '--global']), 'npm'), join(local, 'lib/node_modules/npm'), { recursive: true, dereference: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  if (!process.env.NODE_EXTRA_CA_CERTS) return;
  mkdirSync(join(folder, dirname(certificates)), { recursive: true });
  copyFileSync(process.env.NODE_EXTRA_CA_CERTS, join(folder, certificates));
}

/** Runs a command to its end. Returns its output, without the last line feed. */
function run(command: string, parameters: readonly string[]): string {
  return execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 }).trim();
}
