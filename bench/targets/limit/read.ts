import { vendors as vendorNames } from '../../ids.ts';
import { listNewestAodocs } from '../shared/aodocs-list.ts';
import { splitId } from '../shared/job-id.ts';
import { fromAodocs, fromKinetica, fromKylin, fromVault, type Job, type KineticaJobs } from '../shared/jobs.ts';
import type { Vendors } from './vendors.ts';

interface Row {
  createdMs: number;
  toJob: () => Job;
}

/** The newest jobs of these systems; only those become jobs. */
export async function listJobs(vendors: Vendors, first: number, systemIds: readonly string[] = vendorNames): Promise<Job[]> {
  const othersOf: Record<string, () => Promise<Row[]>> = {
    kinetica: () => listKinetica(vendors),
    'veeva-vault': () => listVault(vendors),
    kylin: () => listKylin(vendors, first),
  };
  const others = Promise.all(systemIds.map((id) => othersOf[id]?.() ?? [])).then((lists) => lists.flat());
  const aodocs = systemIds.includes('aodocs') ? await listAodocs(vendors, first, others) : [];
  const rows = (await others).concat(aodocs).sort((a, b) => b.createdMs - a.createdMs);
  return rows.slice(0, first).map(({ toJob }) => toJob());
}

async function listKinetica(vendors: Vendors): Promise<Row[]> {
  const list = await vendors.kineticaJobs();
  return list.time_received.map((createdMs, index) => ({ createdMs, toJob: () => fromKinetica(list, index) }));
}

async function listVault(vendors: Vendors): Promise<Row[]> {
  const lists = await Promise.all([vendors.vaultList('monitors'), vendors.vaultList('histories')]);
  return lists.flat().map((job) => ({ createdMs: Date.parse(job.created_date), toJob: () => fromVault(job) }));
}

async function listKylin(vendors: Vendors, size: number): Promise<Row[]> {
  return (await vendors.kylinPage(size)).map((job) => ({ createdMs: job.create_time, toJob: () => fromKylin(job) }));
}

async function listAodocs(vendors: Vendors, first: number, others: Promise<readonly Row[]>): Promise<Row[]> {
  const createdMs = others.then((rows) => rows.map((row) => row.createdMs));
  const jobs = await listNewestAodocs(first, createdMs, vendors.aodocsPage);
  return jobs.map((job) => ({ createdMs: Number(job.startedAt), toJob: () => fromAodocs(job) }));
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
