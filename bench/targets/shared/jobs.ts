/** A job as the answer shows it, and in the answer's order. */
export interface Job {
  id: string;
  systemId: string;
  vendorId: string;
  name: string;
  type: string | null;
  status: string;
  vendorStatus: string;
  isTerminal: boolean;
  owner: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface KineticaJobs {
  job_id: number[];
  status: string[];
  endpoint_name: string[];
  time_received: number[];
  auth_id: string[];
  user_data: string[];
}

export interface VaultJob {
  id?: number;
  job_id?: number;
  title?: string;
  status: string;
  created_by: number;
  created_date: string;
  run_start_date: string;
  run_end_date?: string;
}

export interface KylinJob {
  id: string;
  target_subject: string;
  job_name: string;
  job_status: string;
  submitter: string;
  create_time: number;
  exec_start_time: number;
  exec_end_time: number;
}

export interface AodocsJob {
  jobId: string;
  type: string;
  status: string;
  requestor: string;
  startedAt: string;
  lastActivityAt: string;
}

const statuses: Record<string, string> = {
  IN_PROGRESS: 'RUNNING',
  DISCARDED: 'CANCELLED',
  SUCCESS: 'SUCCEEDED',
  COMPLETED: 'SUCCEEDED',
  FINISHED: 'SUCCEEDED',
};
const ended = new Set(['CANCELLED', 'SUCCEEDED', 'FAILED']);

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

type Facts = Pick<Job, 'name' | 'type' | 'owner' | 'createdAt' | 'startedAt' | 'finishedAt'>;

function toJob(systemId: string, vendorId: string, word: string, facts: Facts): Job {
  const status = statuses[word] ?? word;
  return {
    id: `${systemId}:${vendorId}`,
    systemId,
    vendorId,
    name: facts.name,
    type: facts.type,
    status,
    vendorStatus: word,
    isTerminal: ended.has(status),
    owner: facts.owner,
    createdAt: facts.createdAt,
    startedAt: facts.startedAt,
    finishedAt: facts.finishedAt,
  };
}

export function fromKinetica(list: KineticaJobs, index: number): Job {
  return toJob('kinetica', String(list.job_id[index]), list.status[index] ?? '', {
    name: list.user_data[index] ?? '',
    type: list.endpoint_name[index] ?? null,
    owner: list.auth_id[index] ?? '',
    createdAt: iso(list.time_received[index] ?? 0),
    startedAt: null,
    finishedAt: null,
  });
}

export function fromVault(job: VaultJob): Job {
  const id = String(job.id ?? job.job_id);
  return toJob('veeva-vault', id, job.status, {
    name: job.title ?? id,
    type: null,
    owner: String(job.created_by),
    createdAt: job.created_date,
    startedAt: job.run_start_date,
    finishedAt: job.run_end_date ?? null,
  });
}

export function fromKylin(job: KylinJob): Job {
  return toJob('kylin', job.id, job.job_status, {
    name: job.target_subject,
    type: job.job_name,
    owner: job.submitter,
    createdAt: iso(job.create_time),
    startedAt: job.exec_start_time > 0 ? iso(job.exec_start_time) : null,
    finishedAt: job.exec_end_time > 0 ? iso(job.exec_end_time) : null,
  });
}

export function fromAodocs(job: AodocsJob): Job {
  const startedAt = iso(Number(job.startedAt));
  return toJob('aodocs', job.jobId, job.status, {
    name: job.type,
    type: job.type,
    owner: job.requestor,
    createdAt: startedAt,
    startedAt,
    finishedAt: job.status === 'IN_PROGRESS' ? null : iso(Number(job.lastActivityAt)),
  });
}
