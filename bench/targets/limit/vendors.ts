import type { AodocsPage } from '../shared/aodocs-list.ts';
import {
  type AodocsJob,
  fromAodocs,
  fromKylin,
  fromVault,
  type Job,
  type KineticaJobs,
  type KylinJob,
  type VaultJob,
} from '../shared/jobs.ts';
import type { Origins } from '../target.ts';
import { createExchange } from './exchange.ts';

/** The vendor calls that Jobyard makes, and nothing around them. */
export interface Vendors {
  kineticaJobs(): Promise<KineticaJobs>;
  cancelKinetica(ids: readonly string[]): Promise<{ job_ids: number[]; status: string[] }>;
  vaultList(name: 'monitors' | 'histories'): Promise<VaultJob[]>;
  vaultJob(id: string): Promise<Job>;
  cancelVault(ids: readonly string[]): Promise<{ responseStatus: string; data: { id: number } }[]>;
  kylinPage(size: number): Promise<KylinJob[]>;
  kylinJob(id: string): Promise<Job>;
  discardKylin(ids: readonly string[]): Promise<void>;
  aodocsPage(rows: number, token: string | undefined): Promise<AodocsPage>;
  aodocsJob(id: string): Promise<Job>;
  cancelAodocs(id: string): Promise<Job>;
}

const json = { 'content-type': 'application/json', accept: 'application/json' };
const basic = 'Basic c3ZjOnNlY3JldA==';
const kylinType = 'application/vnd.apache.kylin-v4-public+json';

export function createVendors(origins: Origins): Vendors {
  const kinetica = createExchange(origins.kinetica, 4, { ...json, authorization: basic });
  const vault = createExchange(origins['veeva-vault'], 8, { ...json, authorization: 'Bearer E531381F9BC5BE8B67BE' });
  const kylin = createExchange(origins.kylin, 4, { ...json, accept: kylinType, authorization: basic });
  const aodocs = createExchange(origins.aodocs, 4, { accept: 'application/json', authorization: 'securityCode secret' });
  const vaultJobs = '/api/v26.1/services/jobs/';
  const kylinJobs = '/kylin/api/jobs';
  const aodocsJobs = '/api/job/v1/';

  const kineticaCall = async <Data>(path: string, body: string): Promise<Data> => {
    const { data_str } = await kinetica<{ data_str: string }>('POST', path, body);
    return JSON.parse(data_str);
  };

  return {
    kineticaJobs: () => kineticaCall('/admin/show/jobs', '{"options":{"show_async_jobs":"true"}}'),
    cancelKinetica: (ids) => kineticaCall('/admin/alter/jobs', `{"job_ids":[${ids.join(',')}],"action":"cancel","options":{}}`),
    async vaultList(name) {
      const { jobs } = await vault<{ jobs: VaultJob[] }>('GET', `${vaultJobs}${name}?limit=200`);
      return jobs;
    },
    async vaultJob(id) {
      const { data } = await vault<{ data: VaultJob }>('GET', vaultJobs + id);
      return fromVault(data);
    },
    async cancelVault(ids) {
      const body = `[${ids.map((id) => `{"job_id":${id}}`).join(',')}]`;
      const { data } = await vault<{ data: { responseStatus: string; data: { id: number } }[] }>(
        'POST',
        `${vaultJobs}actions/cancel`,
        body,
      );
      return data;
    },
    async kylinPage(size) {
      const query = `time_filter=4&sort_by=create_time&reverse=true&page_offset=0&page_size=${size}`;
      const { data } = await kylin<{ data: { value: KylinJob[] } }>('GET', `${kylinJobs}?${query}`);
      return data.value;
    },
    async kylinJob(id) {
      const query = `time_filter=4&key=${id}&exact=true&page_size=10`;
      const { data } = await kylin<{ data: { value: KylinJob[] } }>('GET', `${kylinJobs}?${query}`);
      return fromKylin(data.value[0] as KylinJob);
    },
    async discardKylin(ids) {
      const body = JSON.stringify({ action: 'DISCARD', project: 'supply_chain', job_ids: ids });
      await kylin('PUT', `${kylinJobs}/status`, body);
    },
    aodocsPage(rows, token) {
      const path = `${aodocsJobs}libraries/Sg88Rlsa9ceIZPJeEY?orderBy=started+desc&pageSize=${rows}`;
      return aodocs('GET', token === undefined ? path : `${path}&pageToken=${token}`);
    },
    aodocsJob: async (id) => fromAodocs(await aodocs<AodocsJob>('GET', aodocsJobs + id)),
    cancelAodocs: async (id) => fromAodocs(await aodocs<AodocsJob>('POST', `${aodocsJobs}${id}/cancel`)),
  };
}
