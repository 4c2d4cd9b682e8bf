import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Origins, Target } from '../target.ts';

const run = promisify(execFile);
const here = (path: string): string => new URL(path, import.meta.url).pathname;
const modules = here('../../node_modules');
const supergraph = 'supergraph.graphql';

/** Hive Gateway over what GraphQL Mesh makes of the vendors' OpenAPI documents. */
export const mesh = createMesh('mesh', 'Hive Gateway with GraphQL Mesh over OpenAPI', 'gateway.config.ts');

export const meshNative = createMesh('mesh-native', 'the same, with the runtime of Hive Router', 'native.config.ts');

function createMesh(name: string, title: string, config: string): Target {
  return {
    name,
    title,
    processes: 1,
    async prepare(origins: Origins, workDirectory: string) {
      const compose = join(modules, '@graphql-mesh/compose-cli/esm/bin.js');
      const environment = { ...process.env, BENCH_MESH: JSON.stringify({ origins, workDirectory }) };
      const parameters = [compose, '-c', here('mesh.config.ts'), '-o', join(workDirectory, supergraph)];
      await run(process.execPath, parameters, { env: environment });
    },
    command: (port, _origins, workDirectory) => [
      join(modules, '@graphql-hive/gateway/dist/bin.js'),
      ...['supergraph', join(workDirectory, supergraph)],
      ...['-c', here(config), '--host', '127.0.0.1', '--port', String(port), '--fork', '1'],
    ],
    callers: [{}],
    firstQuery: '{ __typename }',
    comparable: false,
  };
}
