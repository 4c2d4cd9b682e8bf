// `npm run sbom`: prints what an installation brings and what the package's code contains, with the versions of package-lock.json, as
// CycloneDX JSON. Not `npm sbom --omit=dev` in this folder: the packages in the code are there for development.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { bundleServer } from './bundle.ts';
import { root } from './declarations.ts';

const versions = z.record(z.string(), z.string());
const {
  devDependencies,
  dependencies,
  scripts: _scripts,
  ...manifest
} = z
  .looseObject({ name: z.string(), dependencies: versions, devDependencies: versions, scripts: z.unknown() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const temporary = mkdtempSync(join(tmpdir(), 'jobyard-sbom-'));
// npm names the document after it.
const folder = join(temporary, manifest.name);
try {
  mkdirSync(folder);
  const contained = new Set(await bundleServer(join(folder, 'dist')));
  const direct = Object.entries(devDependencies).filter(([name]) => contained.has(join(root, 'node_modules', name)));
  const listed = { ...manifest, dependencies: { ...dependencies, ...Object.fromEntries(direct) } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(listed));
  copyFileSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
  // Removes from the lock file what only development needs. It asks no registry, as nothing is added.
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--offline', '--no-audit'], { cwd: folder, stdio: 'ignore' });
  execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(temporary, { recursive: true });
}
