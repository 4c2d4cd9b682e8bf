import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import type { VendorName } from '../../ids.ts';
import type { Origins } from '../target.ts';
import { descriptions } from './descriptions.ts';

/** Where the vendors are and where files may be written, from mesh/target.ts. */
const { origins, workDirectory } = JSON.parse(process.env.BENCH_MESH ?? '{}') as { origins: Origins; workDirectory: string };

const basic = { authorization: 'Basic c3ZjOnNlY3JldA==' };

function subgraph(name: string, vendor: VendorName, path: string, operationHeaders: Record<string, string>) {
  const source = join(workDirectory, `${vendor}.json`);
  writeFileSync(source, JSON.stringify(descriptions[vendor]));
  // Kinetica's list is a POST.
  const selectQueryOrMutationField = [{ type: 'query' as const, fieldName: 'kineticaJobs' }];
  const options = { source, endpoint: origins[vendor] + path, operationHeaders, selectQueryOrMutationField };
  return { sourceHandler: loadOpenAPISubgraph(name, options) };
}

export const composeConfig = defineConfig({
  subgraphs: [
    subgraph('Kinetica', 'kinetica', '', basic),
    subgraph('Vault', 'veeva-vault', '/api/v26.1', { authorization: 'Bearer E531381F9BC5BE8B67BE' }),
    subgraph('Kylin', 'kylin', '/kylin/api', basic),
    subgraph('AODocs', 'aodocs', '/api', { authorization: 'securityCode secret' }),
  ],
});
