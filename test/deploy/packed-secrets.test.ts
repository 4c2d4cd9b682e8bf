import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../build/declarations.ts';

test("a package that is made in an operator's checkout has its manifests, and none of its secrets", () => {
  const checkout = mkdtempSync(join(tmpdir(), 'jobyard-checkout-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  writeFileSync(join(checkout, 'package.json'), JSON.stringify({ name: 'packed', version: '1.0.0', files: ['deploy'] }));
  cpSync(join(root, 'deploy'), join(checkout, 'deploy'), { recursive: true });
  for (const folder of ['compose', 'kubernetes/example']) {
    mkdirSync(join(checkout, 'deploy', folder, 'secrets'), { recursive: true });
    writeFileSync(join(checkout, 'deploy', folder, 'secrets/kylin'), 'secret');
  }
  const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packages: { files: { path: string }[] }[] = JSON.parse(output);
  const paths = packages.flatMap(({ files }) => files.map(({ path }) => path));
  expect(paths).toEqual(expect.arrayContaining(['deploy/compose/compose.yaml', 'deploy/kubernetes/base/deployment.yaml']));
  expect(paths.filter((path) => path.includes('secrets'))).toEqual([]);
});
