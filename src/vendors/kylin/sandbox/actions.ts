import { checkOperation } from './access.ts';
import type { Account } from './accounts.ts';
import { rejectionText } from './envelope.ts';
import { actionsAllowedIn, type InternalState, isFinal, type Job, type JobAction, jobActions, publicStatusOf } from './job.ts';
import {
  actionForbidden,
  actionUnknown,
  forwardFailed,
  jobStatusUnknown,
  jobUnknown,
  noJobSelected,
  parameterEmpty,
  parameterInvalid,
  type Rejection,
  transitionIllegal,
  unexpected,
  updateRejected,
} from './rejections.ts';
import type { KylinState } from './state.ts';
import { toStates } from './states.ts';
import type { KylinSwitches } from './switches.ts';
import { readUpdateRequest, type UpdateRequest } from './update-request.ts';

/** The outcome of PUT /jobs/status. `killed`: how many running Spark applications Kylin stopped. */
export interface UpdateOutcome {
  rejection: Rejection | undefined;
  killed: number;
}

interface Selection {
  action: string;
  project: string | null;
  ids: string[];
  /** Already with the statuses of the listed jobs; null: the caller named none. */
  statuses: string[] | null;
}

const localNode = 'node1';

/**
 * `PUT /jobs/status`. All checks of `checkRequest` precede any change, so they reject all jobs or none;
 * `updateSelected` then changes the jobs one by one, and reverts no change if one fails (Kylin JobController, JobInfoService).
 */
export function updateJobStatuses(
  state: KylinState,
  account: Account,
  request: { contentType: string | undefined; body: string },
  switches: KylinSwitches,
): UpdateOutcome {
  const body = readUpdateRequest(request.contentType, request.body);
  if ('errorCode' in body) return rejected(body);
  const checked = checkRequest(state, body);
  if ('errorCode' in checked) return rejected(checked);
  const groups = groupByNode(state, checked, switches);
  if (groups) return forward(state, account, checked, groups, switches);
  return updateSelected(state, account, checked);
}

function rejected(rejection: Rejection): UpdateOutcome {
  return { rejection, killed: 0 };
}

function checkRequest(state: KylinState, body: UpdateRequest): Selection | Rejection {
  const { action, project, jobIds } = body;
  if (!action) return parameterEmpty(500, 'action');
  if (jobIds === null) return unexpected('null', 'java.lang.NullPointerException');
  const ids: string[] = [];
  const jobStatuses: string[] = [];
  for (const id of jobIds) {
    if (id === null) return unexpected('null', 'java.lang.NullPointerException');
    const job = state.getJob(id);
    if (!job) return jobUnknown(id);
    ids.push(id);
    jobStatuses.push(publicStatusOf(job.state));
  }
  // The statuses of the listed jobs join the ones the caller named, for the checks and for the selection alike:
  // named statuses can make the call fail, but they never leave out a listed job.
  const allStatuses = [...(body.statuses ?? []), ...jobStatuses];
  for (const status of allStatuses) {
    const rejection = checkStatusAndAction(status, action);
    if (rejection) return rejection;
  }
  if (!project?.trim() && ids.length === 0) return noJobSelected(action);
  const statuses = body.statuses === null ? null : allStatuses.filter((status) => status !== null);
  return { action, project: project && (state.projects.find(project)?.name ?? project), ids, statuses };
}

function checkStatusAndAction(status: string | null, action: string): Rejection | undefined {
  const allowed = status === null ? undefined : actionsAllowedIn(status);
  if (status === null || !allowed) return jobStatusUnknown();
  if (!toAction(action.toUpperCase())) return actionUnknown();
  const exactAction = toAction(action);
  if (!exactAction) return parameterInvalid(400, `No enum constant org.apache.kylin.job.constant.JobActionEnum.${action}`);
  return allowed.includes(exactAction) ? undefined : actionForbidden(status, allowed.join(', '));
}

function toAction(word: string): JobAction | undefined {
  return jobActions.find((action) => action === word);
}

function updateSelected(state: KylinState, account: Account, selection: Selection): UpdateOutcome {
  const { action, project, ids, statuses } = selection;
  const knownAction = toAction(action.toUpperCase());
  if (knownAction) state.hooks.afterChecks?.(ids, knownAction);

  const states = toStates(statuses ?? []);
  if ('errorCode' in states) return rejected(states);
  const rows = selectRows(state, ids, project).filter((job) => states.size === 0 || states.has(job.state));
  const projects = project === null ? new Set(rows.map((job) => job.project)) : [project];
  for (const name of projects) {
    const forbidden = checkOperation(state.projects, account, name);
    if (forbidden) return rejected(forbidden);
  }

  let killed = 0;
  const selected = rows.map((job) => ({ id: job.id, state: job.state }));
  for (const { id, state: selectedState } of selected) {
    if (!knownAction) return { rejection: actionUnknown(), killed };
    state.hooks.beforeUpdate?.(id, knownAction);
    const wasRunning = state.getJob(id)?.state === 'RUNNING';
    const rejection = updateJob(state, id, knownAction, selectedState);
    if (rejection) return { rejection, killed };
    if (wasRunning && knownAction !== 'RESUME') killed += 1;
  }
  return { rejection: undefined, killed };
}

/** In the order of the job table, whatever the order of the IDs. A job of another project is silently left out. */
function selectRows(state: KylinState, ids: readonly string[], project: string | null): Readonly<Job>[] {
  if (ids.length === 0) return [...state.jobs()].filter((job) => project === null || job.project === project);
  return [...new Set(ids)]
    .flatMap((id) => state.getJob(id) ?? [])
    .filter((job) => project === null || job.project === project)
    .sort((a, b) => a.row - b.row);
}

/** Changes one job, in its own transaction. `selectedState`: its state when the jobs were selected. */
function updateJob(state: KylinState, id: string, action: JobAction, selectedState: InternalState): Rejection | undefined {
  const job = state.getJob(id);
  if (!job) return undefined;
  switch (action) {
    case 'RESUME':
      if (job.state !== 'ERROR' && job.state !== 'PAUSED') return updateRejected(action, id, job.state);
      return state.moveJob(id, 'READY') ? undefined : transitionIllegal();
    case 'RESTART':
      if (isFinal(job.state)) return updateRejected(action, id, job.state);
      return state.restartJob(id) ? undefined : transitionIllegal();
    case 'PAUSE':
      if (job.state !== 'READY' && job.state !== 'PENDING' && job.state !== 'RUNNING') return updateRejected(action, id, job.state);
      return state.moveJob(id, 'PAUSED') ? undefined : transitionIllegal();
    case 'DISCARD':
      if (selectedState === 'SUCCEED') return updateRejected(action, id, selectedState);
      if (selectedState === 'DISCARDED') return undefined;
      return state.moveJob(id, 'DISCARDED') ? undefined : transitionIllegal();
  }
}

/** The listed jobs by node, if any job is on another node than this one. RESUME is never forwarded. */
function groupByNode(state: KylinState, selection: Selection, switches: KylinSwitches): Map<string, string[]> | undefined {
  if (switches.cluster !== 'twoNodes' || selection.action.toUpperCase() === 'RESUME') return undefined;
  const groups = new Map<string, string[]>();
  for (const id of selection.ids) {
    const node = state.getJob(id)?.node ?? localNode;
    const group = groups.get(node);
    if (group) group.push(id);
    else groups.set(node, [id]);
  }
  const isLocal = groups.size === 0 || (groups.size === 1 && groups.has(localNode));
  return isLocal ? undefined : groups;
}

/** Sends one request per node with the IDs of its jobs. The first failure ends it; changes before it remain. */
function forward(
  state: KylinState,
  account: Account,
  selection: Selection,
  groups: Map<string, string[]>,
  switches: KylinSwitches,
): UpdateOutcome {
  let killed = 0;
  for (const [node, ids] of groups) {
    const { action, project, statuses } = selection;
    const checked = checkRequest(state, { action, project, jobIds: ids, statuses });
    const outcome = 'errorCode' in checked ? rejected(checked) : updateSelected(state, account, checked);
    killed += outcome.killed;
    if (outcome.rejection) {
      const url = `http://${node}:7070/kylin/api/jobs/status`;
      const remoteText = rejectionText(outcome.rejection, url, switches);
      return { rejection: forwardFailed(`Invalid response ${outcome.rejection.status} with url ${url}\n${remoteText}`), killed };
    }
  }
  return { rejection: undefined, killed };
}
