import { aodocsPageRows, aodocsPageToken } from '../../ids.ts';
import type { GraphqlRequest, Workload } from '../../workloads.ts';
import { aliasedIds } from '../shared/aliased-ids.ts';
import { splitId } from '../shared/job-id.ts';

/*
 * The workloads in the schema that Mesh makes of the vendors' OpenAPI documents: the vendors' own fields, not merged, Kinetica's list as
 * the text that it is. What Jobyard adds (one list in one order, one status, what came of each cancel) is left to the caller.
 */

const kineticaJobs = 'kineticaJobs(input: { options: { show_async_jobs: "true" } }) { data_str }';
const vaultFields = 'status created_by created_date run_start_date run_end_date';
const kylinFields =
  'data { value { id target_subject job_name job_status submitter create_time exec_start_time exec_end_time } total_size }';
const aodocsFields = 'jobId type status requestor startedAt lastActivityAt';

function list(name: string, kylinRows: number, aodocsPages: number): string {
  // The tokens are known in advance, so that one document reads all pages.
  const pages = Array.from({ length: aodocsPages }, (_, page) => {
    const token = page === 0 ? '' : `, pageToken: "${aodocsPageToken(page * aodocsPageRows)}"`;
    return `a${page}: aodocsJobs(libraryId: "Sg88Rlsa9ceIZPJeEY", orderBy: "started desc", pageSize: "${aodocsPageRows}"${token}) { jobList { ${aodocsFields} } nextPageToken }`;
  });
  return `query ${name} {
  ${kineticaJobs}
  vaultMonitors(limit: "200") { jobs { job_id title ${vaultFields} } }
  vaultHistories(limit: "200") { jobs { job_id title ${vaultFields} } }
  kylinJobs(time_filter: "4", sort_by: "create_time", reverse: "true", page_offset: "0", page_size: "${kylinRows}") { ${kylinFields} }
  ${pages.join('\n  ')}
}`;
}

const listOf100 = list('List', 100, 1);
const listOf1k = list('List1k', 500, 3);

/** `idOf` writes a vendor's id down. */
function readFields(ids: readonly string[], idOf: (index: number) => string): string[] {
  return ids.flatMap((id, index) => {
    const [systemId] = splitId(id);
    switch (systemId) {
      case 'veeva-vault':
        return `j${index}: vaultJob(job_id: ${idOf(index)}) { data { id ${vaultFields} } }`;
      case 'kylin':
        return `j${index}: kylinJobs(time_filter: "4", key: ${idOf(index)}, exact: "true", page_size: "10") { ${kylinFields} }`;
      case 'aodocs':
        return `j${index}: aodocsJob(jobId: ${idOf(index)}) { ${aodocsFields} }`;
      default:
        return [];
    }
  });
}

/** One document for all operations. Kinetica's jobs are in its list. */
function read(ids: readonly string[]): GraphqlRequest {
  const variables = Object.fromEntries(
    ids
      .map((id, index) => [`i${index}`, splitId(id)] as const)
      .flatMap(([name, [system, id]]) => (system === 'kinetica' ? [] : [[name, id]])),
  );
  const declared = Object.keys(variables).map((name) => `$${name}: String!`);
  const fields = readFields(ids, (index) => `$i${index}`);
  return { operationName: 'Read', query: `query Read(${declared.join(' ')}) { ${kineticaJobs} ${fields.join(' ')} }`, variables };
}

/** Another document each time. */
function readWritten(ids: readonly string[]): GraphqlRequest {
  const fields = readFields(ids, (index) => `"${splitId(ids[index] ?? '')[1]}"`);
  return { operationName: 'Read', query: `query Read { ${kineticaJobs} ${fields.join(' ')} }` };
}

function cancel(ids: readonly string[]): GraphqlRequest {
  const of = (wanted: string): string[] => ids.map(splitId).flatMap(([systemId, id]) => (systemId === wanted ? id : []));
  const kinetica = of('kinetica').map(Number);
  const kylin = of('kylin');
  const vault = of('veeva-vault').map((id) => ({ job_id: Number(id) }));
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fields: string[] = [];
  if (kinetica.length > 0) {
    declared.push('$kinetica: [Float]');
    variables.kinetica = kinetica;
    fields.push('alterKineticaJobs(input: { job_ids: $kinetica, action: "cancel", options: {} }) { status data_str }');
  }
  if (kylin.length > 0) {
    declared.push('$kylin: [String]');
    variables.kylin = kylin;
    fields.push('updateKylinJobs(input: { action: "DISCARD", job_ids: $kylin }) { code }');
  }
  for (let start = 0; start < vault.length; start += 500) {
    declared.push(`$vault${start}: [mutationInput_cancelVaultJobs_input_items_Input]`);
    variables[`vault${start}`] = vault.slice(start, start + 500);
    fields.push(`v${start}: cancelVaultJobs(input: $vault${start}) { responseStatus data { responseStatus data { id } } }`);
  }
  of('aodocs').forEach((id, index) => {
    fields.push(`a${index}: cancelAodocsJob(jobId: "${id}") { ${aodocsFields} }`);
  });
  return { operationName: 'Cancel', query: `mutation Cancel(${declared.join(', ')}) { ${fields.join(' ')} }`, variables };
}

/** What the request of the workload is to Mesh. */
export function toMeshRequest(workload: Workload, operation: number): GraphqlRequest {
  const request = workload.request(operation);
  const { operationName, variables } = request;
  switch (operationName) {
    case 'List':
      return { operationName, query: listOf100 };
    case 'List1k':
      return { operationName, query: listOf1k };
    case 'ByIds':
      return read(variables?.ids as string[]);
    case 'Aliases':
      return variables ? read(aliasedIds(request)) : readWritten(aliasedIds(request));
    case 'Cancel':
      return cancel(variables?.ids as string[]);
    default:
      return { query: '{ __typename }' };
  }
}
