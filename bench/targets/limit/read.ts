import { splitId } from '../shared/job-id.ts';
import { fromAodocs, fromKinetica, fromKylin, fromVault, type Job, type KineticaJobs } from '../shared/jobs.ts';
import type { Vendors } from './vendors.ts';

/** The newest jobs of all systems; only those become jobs. */
export async function listJobs(vendors: Vendors, first: number): Promise<Job[]> {
  const [kinetica, monitors, histories, kylin, aodocs] = await Promise.all([
    vendors.kineticaJobs(),
    vendors.vaultList('monitors'),
    vendors.vaultList('histories'),
    vendors.kylinPage(first),
    vendors.aodocsList(first),
  ]);
  const rows: { createdMs: number; toJob: () => Job }[] = [];
  kinetica.time_received.forEach((createdMs, index) => {
    rows.push({ createdMs, toJob: () => fromKinetica(kinetica, index) });
  });
  for (const list of [monitors, histories]) {
    for (const job of list) rows.push({ createdMs: Date.parse(job.created_date), toJob: () => fromVault(job) });
  }
  for (const job of kylin) rows.push({ createdMs: job.create_time, toJob: () => fromKylin(job) });
  for (const job of aodocs) rows.push({ createdMs: Number(job.startedAt), toJob: () => fromAodocs(job) });
  rows.sort((a, b) => b.createdMs - a.createdMs);
  return rows.slice(0, first).map(({ toJob }) => toJob());
}

/** Jobs by id. A Vault job is read once in 10 seconds, as Vault wants it. */
export function createJobRead(vendors: Vendors): (ids: readonly string[]) => Promise<Job[]> {
  const vaultReads = new Map<string, { atMs: number; job: Promise<Job> }>();

  const readVault = (id: string): Promise<Job> => {
    const last = vaultReads.get(id);
    const atMs = Date.now();
    if (last && atMs - last.atMs < 10_000) return last.job;
    const job = vendors.vaultJob(id);
    vaultReads.delete(id);
    vaultReads.set(id, { atMs, job });
    // The oldest come first in a map.
    if (vaultReads.size > 10_000) vaultReads.delete(vaultReads.keys().next().value ?? '');
    return job;
  };

  return async (ids) => {
    const parts = ids.map(splitId);
    const list = parts.some(([systemId]) => systemId === 'kinetica') ? vendors.kineticaJobs() : null;
    const reads = parts.map(([systemId, vendorId]) => {
      if (systemId === 'veeva-vault') return readVault(vendorId);
      if (systemId === 'kylin') return vendors.kylinJob(vendorId);
      return systemId === 'aodocs' ? vendors.aodocsJob(vendorId) : null;
    });
    const listed = await list;
    const rows = new Map(listed?.job_id.map((id, index) => [String(id), index]));
    const jobs = await Promise.all(reads);
    return jobs.map((job, index) => job ?? fromKinetica(listed as KineticaJobs, rows.get(parts[index]?.[1] ?? '') ?? 0));
  };
}
