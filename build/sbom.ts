// `npm run sbom`: prints what an installation brings, with the versions of package-lock.json, as CycloneDX JSON.
// Not `npm sbom --omit=dev` in this folder: it also leaves out packages that a development dependency shares.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
const manifest = z.looseObject({}).parse(read('package.json'));
const lock = z
  .looseObject({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) })
  .parse(read('package-lock.json'));

const withoutDevelopment = ({ devDependencies: _development, scripts: _scripts, ...rest }: Record<string, unknown>) => rest;
const entries = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
const packages = Object.fromEntries(entries.map(([path, entry]) => [path, path === '' ? withoutDevelopment(entry) : entry]));

const folder = mkdtempSync(join(tmpdir(), 'jobyard-sbom-'));
try {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(withoutDevelopment(manifest)));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}
