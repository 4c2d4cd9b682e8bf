import { splitId } from '../shared/job-id.ts';
import type { Vendors } from './vendors.ts';

/** Outcomes by id, in as many requests as Jobyard makes: read, cancel, read again where the answer proves nothing. */
export async function cancelJobs(vendors: Vendors, ids: readonly string[]): Promise<object> {
  const bySystem: Record<string, string[]> = { kinetica: [], 'veeva-vault': [], kylin: [], aodocs: [] };
  for (const id of ids) {
    const [systemId, vendorId] = splitId(id);
    bySystem[systemId]?.push(vendorId);
  }
  const outcomes = new Map<string, string>();
  await Promise.all([
    cancelKinetica(vendors, bySystem.kinetica ?? [], outcomes),
    cancelVault(vendors, bySystem['veeva-vault'] ?? [], outcomes),
    cancelKylin(vendors, bySystem.kylin ?? [], outcomes),
    cancelAodocs(vendors, bySystem.aodocs ?? [], outcomes),
  ]);
  const results = ids.map((jobId) => ({ __typename: 'CancelSuccess', jobId, outcome: outcomes.get(jobId) }));
  const succeeded = results.filter(({ outcome }) => outcome !== undefined).length;
  return { results, summary: { requested: ids.length, succeeded, failed: ids.length - succeeded, unknown: 0 } };
}

async function cancelKinetica(vendors: Vendors, ids: readonly string[], outcomes: Map<string, string>): Promise<void> {
  if (ids.length === 0) return;
  const statuses = async (): Promise<Map<string, string | undefined>> => {
    const list = await vendors.kineticaJobs();
    return new Map(list.job_id.map((id, index) => [String(id), list.status[index]]));
  };
  const before = await statuses();
  const wanted = ids.filter((id) => before.get(id) === 'RUNNING');
  for (const group of chunk(wanted, 500)) await vendors.cancelKinetica(group);
  const after = await statuses();
  for (const id of wanted) if (after.get(id) === 'CANCELLED') outcomes.set(`kinetica:${id}`, 'CONFIRMED');
}

async function cancelVault(vendors: Vendors, ids: readonly string[], outcomes: Map<string, string>): Promise<void> {
  const answers = await Promise.all(chunk(ids, 500).map((group) => vendors.cancelVault(group)));
  for (const item of answers.flat()) if (item.responseStatus === 'SUCCESS') outcomes.set(`veeva-vault:${item.data.id}`, 'ACCEPTED');
}

async function cancelKylin(vendors: Vendors, ids: readonly string[], outcomes: Map<string, string>): Promise<void> {
  if (ids.length === 0) return;
  const statuses = async (): Promise<Map<string, string>> => {
    const page = await vendors.kylinPage(500);
    return new Map(page.map((job) => [job.id, job.job_status]));
  };
  const before = await statuses();
  const wanted = ids.filter((id) => before.get(id) === 'RUNNING');
  await Promise.all(chunk(wanted, 100).map((group) => vendors.discardKylin(group)));
  const after = await statuses();
  for (const id of wanted) if (after.get(id) === 'DISCARDED') outcomes.set(`kylin:${id}`, 'CONFIRMED');
}

async function cancelAodocs(vendors: Vendors, ids: readonly string[], outcomes: Map<string, string>): Promise<void> {
  const jobs = await Promise.all(ids.map((id) => vendors.cancelAodocs(id)));
  for (const job of jobs) if (job.status === 'CANCELLED') outcomes.set(job.id, 'CONFIRMED');
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
