import type { VendorName } from '../../ids.ts';

/*
 * The vendors' endpoints as OpenAPI 3 documents, cut down to what the workloads use. AODocs publishes such a document; for the
 * others it has to be written, as it is here.
 */

type Schema = { type: string; properties?: Record<string, Schema>; items?: Schema; format?: string; additionalProperties?: Schema };

const text: Schema = { type: 'string' };
const number: Schema = { type: 'number' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const texts = (...names: string[]): Record<string, Schema> => Object.fromEntries(names.map((name) => [name, text]));
const numbers = (...names: string[]): Record<string, Schema> => Object.fromEntries(names.map((name) => [name, number]));

interface Operation {
  method: 'get' | 'post' | 'put';
  path: string;
  operationId: string;
  query?: string[];
  body?: Schema;
  answer: Schema;
}

function describe(title: string, operations: readonly Operation[], answerType = 'application/json'): object {
  const paths: Record<string, object> = {};
  for (const { method, path, operationId, query = [], body, answer } of operations) {
    const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({ name, in: 'path', required: true, schema: text }));
    const inQuery = query.map((name) => ({ name, in: 'query', schema: text }));
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId,
        parameters: [...inPath, ...inQuery],
        ...(body && { requestBody: { content: { 'application/json': { schema: body } } } }),
        responses: { 200: { description: 'OK', content: { [answerType]: { schema: answer } } } },
      },
    };
  }
  return { openapi: '3.0.3', info: { title, version: '1' }, paths };
}

const kineticaAnswer = object(texts('status', 'message', 'data_type', 'data_str'));
const vaultDates = texts('created_date', 'modified_date', 'run_start_date', 'run_end_date');
const vaultStatus = object({ ...numbers('id', 'created_by'), ...texts('status'), ...vaultDates });
const vaultList = object({
  responseStatus: text,
  jobs: list(object({ ...numbers('job_id', 'created_by'), ...texts('title', 'status'), ...vaultDates })),
});
const kylinJob = object({
  ...texts('id', 'target_subject', 'job_name', 'job_status', 'submitter', 'project'),
  ...numbers('create_time', 'exec_start_time', 'exec_end_time', 'duration'),
});
const aodocsJob = object(texts('jobId', 'libraryId', 'type', 'status', 'requestor', 'startedAt', 'lastActivityAt'));

export const descriptions: Record<VendorName, object> = {
  kinetica: describe('Kinetica', [
    {
      method: 'post',
      path: '/admin/show/jobs',
      operationId: 'kineticaJobs',
      body: object({ options: object({ show_async_jobs: text }) }),
      answer: kineticaAnswer,
    },
    {
      method: 'post',
      path: '/admin/alter/jobs',
      operationId: 'alterKineticaJobs',
      body: object({ job_ids: list(number), action: text, options: object({ job_tag: text }) }),
      answer: kineticaAnswer,
    },
  ]),
  'veeva-vault': describe('Veeva Vault', [
    { method: 'get', path: '/services/jobs/monitors', operationId: 'vaultMonitors', query: ['limit'], answer: vaultList },
    { method: 'get', path: '/services/jobs/histories', operationId: 'vaultHistories', query: ['limit'], answer: vaultList },
    {
      method: 'get',
      path: '/services/jobs/{job_id}',
      operationId: 'vaultJob',
      answer: object({ responseStatus: text, data: vaultStatus }),
    },
    {
      method: 'post',
      path: '/services/jobs/actions/cancel',
      operationId: 'cancelVaultJobs',
      body: list(object({ job_id: number })),
      answer: object({ responseStatus: text, data: list(object({ responseStatus: text, data: object({ id: number }) })) }),
    },
  ]),
  kylin: describe(
    'Kylin',
    [
      {
        method: 'get',
        path: '/jobs',
        operationId: 'kylinJobs',
        query: ['time_filter', 'sort_by', 'reverse', 'page_offset', 'page_size', 'key', 'exact'],
        answer: object({ code: text, data: object({ value: list(kylinJob), total_size: number }) }),
      },
      {
        method: 'put',
        path: '/jobs/status',
        operationId: 'updateKylinJobs',
        body: object({ action: text, job_ids: list(text) }),
        answer: object({ code: text, msg: text }),
      },
    ],
    'application/vnd.apache.kylin-v4-public+json',
  ),
  aodocs: describe('AODocs', [
    {
      method: 'get',
      path: '/job/v1/libraries/{libraryId}',
      operationId: 'aodocsJobs',
      query: ['orderBy', 'pageSize', 'pageToken'],
      answer: object({ jobList: list(aodocsJob), nextPageToken: text }),
    },
    { method: 'get', path: '/job/v1/{jobId}', operationId: 'aodocsJob', answer: aodocsJob },
    { method: 'post', path: '/job/v1/{jobId}/cancel', operationId: 'cancelAodocsJob', answer: aodocsJob },
  ]),
};
