import type { VendorName } from '../../ids.ts';
import { type AodocsPage, listNewestAodocs } from '../shared/aodocs-list.ts';
import {
  type AodocsJob,
  fromAodocs,
  fromKinetica,
  fromKylin,
  fromVault,
  type Job,
  type KineticaJobs,
  type KylinJob,
  type VaultJob,
} from '../shared/jobs.ts';
import { readSettings } from '../target.ts';

/** The vendors' endpoints with Node's own fetch, as their pages show them. */
const { origins } = readSettings();

const json = { 'content-type': 'application/json', accept: 'application/json' };
const kineticaHeaders = { ...json, authorization: 'Basic c3ZjOnNlY3JldA==' };
const vaultHeaders = { ...json, authorization: 'Bearer E531381F9BC5BE8B67BE' };
const kylinHeaders = { ...json, accept: 'application/vnd.apache.kylin-v4-public+json', authorization: 'Basic c3ZjOnNlY3JldA==' };
const aodocsHeaders = { accept: 'application/json', authorization: 'securityCode secret' };

const vaultUrl = `${origins['veeva-vault']}/api/v26.1/services/jobs`;
const kylinUrl = `${origins.kylin}/kylin/api/jobs`;
const aodocsUrl = `${origins.aodocs}/api/job/v1`;

export type ObserveVendorRequest = (system: VendorName, status: number, durationMs: number) => void;

let observe: ObserveVendorRequest | null = null;

/** For servers with metrics. */
export function observeVendorRequests(observer: ObserveVendorRequest): void {
  observe = observer;
}

async function request<Body>(system: VendorName, url: string, init: RequestInit): Promise<Body> {
  const startedAtMs = performance.now();
  const response = await fetch(url, init);
  observe?.(system, response.status, performance.now() - startedAtMs);
  if (!response.ok) throw new Error(`HTTP ${response.status} from ${url}`);
  return (await response.json()) as Body;
}

async function kinetica<Data>(path: string, body: string): Promise<Data> {
  const answer = await request<{ data_str: string }>('kinetica', origins.kinetica + path, {
    method: 'POST',
    headers: kineticaHeaders,
    body,
  });
  return JSON.parse(answer.data_str);
}

export async function listKinetica(): Promise<Job[]> {
  const list = await kinetica<KineticaJobs>('/admin/show/jobs', JSON.stringify({ options: { show_async_jobs: 'true' } }));
  return list.job_id.map((_, index) => fromKinetica(list, index));
}

/** The jobs for which the vendor returns OK. */
export async function cancelKinetica(ids: readonly string[]): Promise<boolean[]> {
  const body = JSON.stringify({ job_ids: ids.map(Number), action: 'cancel', options: {} });
  const { status } = await kinetica<{ status: string[] }>('/admin/alter/jobs', body);
  return status.map((word) => word === 'OK');
}

export async function listVault(name: 'monitors' | 'histories'): Promise<Job[]> {
  const { jobs } = await request<{ jobs: VaultJob[] }>('veeva-vault', `${vaultUrl}/${name}?limit=200`, { headers: vaultHeaders });
  return jobs.map(fromVault);
}

export async function readVault(id: string): Promise<Job> {
  const { data } = await request<{ data: VaultJob }>('veeva-vault', `${vaultUrl}/${id}`, { headers: vaultHeaders });
  return fromVault(data);
}

/** At most 500. */
export async function cancelVault(ids: readonly string[]): Promise<boolean[]> {
  const body = JSON.stringify(ids.map((id) => ({ job_id: Number(id) })));
  const init = { method: 'POST', headers: vaultHeaders, body };
  const { data } = await request<{ data: { responseStatus: string }[] }>('veeva-vault', `${vaultUrl}/actions/cancel`, init);
  return data.map(({ responseStatus }) => responseStatus === 'SUCCESS');
}

export async function listKylin(size: number): Promise<Job[]> {
  const query = `time_filter=4&sort_by=create_time&reverse=true&page_offset=0&page_size=${size}`;
  const { data } = await request<{ data: { value: KylinJob[] } }>('kylin', `${kylinUrl}?${query}`, { headers: kylinHeaders });
  return data.value.map(fromKylin);
}

export async function readKylin(id: string): Promise<Job | undefined> {
  const { data } = await request<{ data: { value: KylinJob[] } }>('kylin', `${kylinUrl}?time_filter=4&key=${id}&exact=true`, {
    headers: kylinHeaders,
  });
  return data.value.map(fromKylin)[0];
}

export async function discardKylin(ids: readonly string[]): Promise<boolean[]> {
  const body = JSON.stringify({ action: 'DISCARD', job_ids: ids });
  const { code } = await request<{ code: string }>('kylin', `${kylinUrl}/status`, { method: 'PUT', headers: kylinHeaders, body });
  return ids.map(() => code === '000');
}

function readAodocsPage(rows: number, token: string | undefined): Promise<AodocsPage> {
  const url = `${aodocsUrl}/libraries/Sg88Rlsa9ceIZPJeEY?orderBy=started+desc&pageSize=${rows}`;
  return request('aodocs', token === undefined ? url : `${url}&pageToken=${token}`, { headers: aodocsHeaders });
}

/** Those that can be among the newest `count` of all. */
export async function listAodocs(count: number, others: Promise<readonly Job[]>): Promise<Job[]> {
  const createdMs = others.then((jobs) => jobs.map(({ createdAt }) => Date.parse(createdAt)));
  return (await listNewestAodocs(count, createdMs, readAodocsPage)).map(fromAodocs);
}

export async function readAodocs(id: string): Promise<Job> {
  return fromAodocs(await request<AodocsJob>('aodocs', `${aodocsUrl}/${id}`, { headers: aodocsHeaders }));
}

/** The status afterward. */
export async function cancelAodocs(id: string): Promise<Job> {
  return fromAodocs(await request<AodocsJob>('aodocs', `${aodocsUrl}/${id}/cancel`, { method: 'POST', headers: aodocsHeaders }));
}
