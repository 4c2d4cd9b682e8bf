import type { Sandboxes, SystemName } from '../start.ts';

const longAgoMs = Date.now() - 3_600_000;

/** Adds jobs of every kind to the sandboxes; they only change through actions. Returns their full IDs. */
export function populate({ kinetica, kylin, aodocs, 'veeva-vault': vault }: Sandboxes): Record<SystemName, string[]> {
  const kylinTimes = { createTime: longAgoMs, startTime: longAgoMs + 1000, runMs: 7_200_000 };
  const kylinJobs = (['RUNNING', 'PAUSED', 'ERROR', 'SUCCEED', 'DISCARDED'] as const).flatMap((state) =>
    ['retail', 'finance'].map((project) => `kylin:${kylin.state.addJob({ state, project, ...kylinTimes })}`),
  );
  const vaultJobs = [
    ...(['SCHEDULED', 'SCHEDULED', 'QUEUED', 'QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED', 'SUCCESS'] as const).map((status) =>
      vault.state.addJob({ status, frozen: true }),
    ),
    vault.state.addJob({ status: 'RUNNING', frozen: true, cancellableWhileRunning: true }),
  ];
  const kineticaJobs = [
    kinetica.state.addJob(),
    kinetica.state.addJob(),
    kinetica.state.addJob({ kind: 'sync' }),
    kinetica.state.addJob({ status: 'WAITING' }),
    // Jobs that the vendor never cancels, or whose cancelability it only reveals on an attempt.
    kinetica.state.addJob({ endpoint: '/insert/records' }),
    kinetica.state.addJob({ endpoint: '/show/table' }),
    kinetica.state.addJob({ status: 'DONE' }),
    kinetica.state.addJob({ status: 'ERROR' }),
    kinetica.state.addJob({ status: 'CANCELLED', running: false }),
  ];
  const aodocsJobs = (['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const).map((status) =>
    aodocs.state.addJob({ status }),
  );
  return {
    kinetica: kineticaJobs.map((id) => `kinetica:${id}`),
    'veeva-vault': vaultJobs.map((id) => `veeva-vault:${id}`),
    kylin: kylinJobs,
    aodocs: aodocsJobs.map((id) => `aodocs:${id}`),
  };
}

/** Every job as it truly is, by its whole id. */
export function takeSnapshot({ kinetica, kylin, aodocs, 'veeva-vault': vault }: Sandboxes): Map<string, string> {
  const jobs = new Map<string, string>();
  for (const job of kinetica.state.jobs()) jobs.set(`kinetica:${job.id}`, JSON.stringify(job));
  for (const job of [...vault.state.unfinished(), ...vault.state.ended()]) jobs.set(`veeva-vault:${job.id}`, JSON.stringify(job));
  for (const job of kylin.state.jobs()) jobs.set(`kylin:${job.id}`, JSON.stringify(job));
  for (const job of aodocs.state.jobs()) jobs.set(`aodocs:${job.jobId}`, JSON.stringify(job));
  return jobs;
}

/** Another user is faster: the job ends well just before the action arrives. */
export function endJob({ kinetica, kylin, aodocs, 'veeva-vault': vault }: Sandboxes, id: string): void {
  const vendorId = id.slice(id.indexOf(':') + 1);
  if (id.startsWith('kinetica:')) kinetica.state.changeJob(vendorId, { status: 'DONE' });
  else if (id.startsWith('kylin:')) kylin.state.changeJob(vendorId, { state: 'SUCCEED' });
  else if (id.startsWith('veeva-vault:')) vault.state.changeJob(Number(vendorId), { status: 'SUCCESS' });
  else aodocs.state.changeJob(vendorId, { status: 'COMPLETED' });
}
