import type { ActionOutcome, JobAction, JobEventFilter, JobEventKind } from '../api/generated/graphql.ts';
import { readSince, toCreatedFrom } from '../jobs/address.ts';
import { jobActions, outcomeLooks } from '../ui/status.ts';

/** What the address of the page Audit says. */
export interface AuditView {
  jobs: readonly string[];
  systems: readonly string[];
  actions: readonly JobAction[];
  outcomes: readonly ActionOutcome[];
  callers: readonly string[];
  kind: JobEventKind | null;
  bulk: string | null;
  request: string | null;
  since: string;
}

const auditSince = '7d';
const outcomes = Object.keys(outcomeLooks) as ActionOutcome[];

export function readAuditView(search: string): AuditView {
  const parameters = new URLSearchParams(search);
  const kind = parameters.get('kind');
  return {
    jobs: parameters.getAll('job'),
    systems: parameters.getAll('system'),
    actions: jobActions.filter((action) => parameters.getAll('action').includes(action)),
    outcomes: outcomes.filter((outcome) => parameters.getAll('outcome').includes(outcome)),
    callers: parameters.getAll('caller'),
    kind: kind === 'ACTION' || kind === 'FOLLOW_UP' ? kind : null,
    bulk: parameters.get('bulk'),
    request: parameters.get('request'),
    since: readSince(parameters) ?? auditSince,
  };
}

export function writeAuditView(view: AuditView): string {
  const parameters = new URLSearchParams();
  const lists = { job: view.jobs, system: view.systems, action: view.actions, outcome: view.outcomes, caller: view.callers };
  for (const [name, values] of Object.entries(lists)) for (const value of values) parameters.append(name, value);
  for (const [name, value] of Object.entries({ kind: view.kind, bulk: view.bulk, request: view.request })) {
    if (value !== null) parameters.set(name, value);
  }
  if (view.since !== auditSince) parameters.set('since', view.since);
  return parameters.toString();
}

export function toEventFilter(view: AuditView, nowMs: number): JobEventFilter {
  const filter: JobEventFilter = {};
  if (view.jobs.length > 0) filter.jobIds = [...view.jobs];
  if (view.systems.length > 0) filter.systemIds = [...view.systems];
  if (view.actions.length > 0) filter.actions = [...view.actions];
  if (view.outcomes.length > 0) filter.outcomes = [...view.outcomes];
  if (view.callers.length > 0) filter.callers = [...view.callers];
  if (view.kind !== null) filter.kind = view.kind;
  if (view.bulk !== null) filter.bulkOperationId = view.bulk;
  if (view.request !== null) filter.requestId = view.request;
  const from = toCreatedFrom(view.since, nowMs);
  if (from !== null) filter.recordedFrom = from;
  return filter;
}
