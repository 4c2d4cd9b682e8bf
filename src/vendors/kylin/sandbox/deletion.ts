import { checkOperation } from './access.ts';
import type { Account } from './accounts.ts';
import { actionsAllowedIn, isFinal, type Job } from './job.ts';
import { createParameterReader } from './parameters.ts';
import { accessDenied, jobStatusUnknown, noJobSelected, type Rejection, unexpected } from './rejections.ts';
import type { KylinState } from './state.ts';
import { toStates } from './states.ts';
import type { KylinSwitches } from './switches.ts';

/** `DELETE /jobs`: removes the records of ended jobs, all of the selected ones or none of a project. */
export function deleteJobs(state: KylinState, account: Account, query: URLSearchParams, switches: KylinSwitches): Rejection | undefined {
  const read = createParameterReader(query, switches);
  const project = read.text('project');
  const ids = new Set(read.list('job_ids'));
  const statuses = read.list('statuses');
  if (statuses.some((status) => !actionsAllowedIn(status))) return jobStatusUnknown();
  if (!project?.trim() && ids.size === 0) return noJobSelected('delete');
  if (project === undefined && !account.admin) return accessDenied();
  const forbidden = project === undefined ? undefined : checkOperation(state.projects, account, project);
  if (forbidden) return forbidden;

  const states = toStates(statuses);
  if ('errorCode' in states) return states;
  const projectName = project === undefined ? undefined : state.projects.find(project)?.name;
  const byProject = new Map<string, Readonly<Job>[]>();
  for (const job of state.jobs()) {
    if (projectName !== undefined && job.project !== projectName) continue;
    if ((ids.size > 0 && !ids.has(job.id)) || (states.size > 0 && !states.has(job.state))) continue;
    const rows = byProject.get(job.project);
    if (rows) rows.push(job);
    else byProject.set(job.project, [job]);
  }
  for (const rows of byProject.values()) {
    const alive = rows.find((job) => !isFinal(job.state));
    if (alive) return unexpected(`Cannot drop running job ${alive.type}, please discard it first.`, 'java.lang.IllegalStateException');
    for (const job of rows) state.removeJob(job.id);
  }
  return undefined;
}
