import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from '../../build/declarations.ts';
import { findCommand, type Manifest } from './files.ts';

const command = findCommand(['kustomize', 'version'], ['kubectl', 'kustomize', '--help']);

/** Why nothing can be rendered here, or null. */
export const whyNoKustomize = command === null ? 'there is no kustomize and no kubectl here' : null;

/** Renders deploy/kubernetes/example with secrets of these names. */
export function renderExample(secrets: readonly string[]): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-kubernetes-'));
  try {
    cpSync(join(root, 'deploy/kubernetes'), folder, { recursive: true });
    mkdirSync(join(folder, 'example/secrets'), { recursive: true });
    for (const name of secrets) writeFileSync(join(folder, 'example/secrets', name), 'secret');
    const parameters = [command === 'kubectl' ? 'kustomize' : 'build', join(folder, 'example')];
    const rendered = execFileSync(String(command), parameters, { encoding: 'utf8' });
    return parseAllDocuments(rendered).map((document) => document.toJS());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
