import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../build/declarations.ts';
import type { Manifest } from './files.ts';

/** The module that has the types of this apiVersion. */
function moduleOf(apiVersion: string): string {
  const isOfPrometheus = apiVersion.startsWith('monitoring.coreos.com/');
  return `${isOfPrometheus ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}`;
}

/** Where each manifest breaks the OpenAPI schema of its kind: a value that isn't valid, or is missing. */
export async function findInvalidValues(manifests: readonly Manifest[]): Promise<string[]> {
  const complaints = manifests.map(async (manifest): Promise<string[]> => {
    const { [manifest.kind]: Model } = await import(moduleOf(manifest.apiVersion));
    try {
      new Model(manifest).validate();
      return [];
    } catch (error) {
      return [`${manifest.kind}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  return (await Promise.all(complaints)).flat();
}

/** The compiler's errors in the manifests, as values of the types of their kinds: also each key that Kubernetes doesn't know. */
export async function findTypeErrors(manifests: readonly Manifest[]): Promise<string[]> {
  // Below node_modules, so that packages are found from there.
  const folder = mkdtempSync(join(root, 'node_modules', '.deploy-'));
  try {
    const lines = manifests.map((manifest, index) => {
      const type = `import('${moduleOf(manifest.apiVersion)}').I${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};\n`;
    });
    writeFileSync(join(folder, 'manifests.ts'), lines.join(''));
    const settings = { extends: join(root, 'tsconfig.json'), include: [], files: ['manifests.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const output = await new Promise<string>((resolve) => {
      execFile(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], (_error, stdout) => resolve(stdout));
    });
    return output.split('\n').filter((line) => line.includes('error TS'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
