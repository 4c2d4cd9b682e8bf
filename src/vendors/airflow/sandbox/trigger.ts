import { anyOf, readBody } from './body.ts';
import { badRequest, duplicate, isRejection, type Rejection, triggeredDagNotFound } from './errors.ts';
import { type Dag, idOf, type Run, runTypes } from './job.ts';
import { parseTime } from './parameters.ts';
import { runRow } from './render.ts';
import type { RouteParts } from './route-parts.ts';
import { isAtLeast } from './switches.ts';
import type { User } from './users.ts';

/** A run's own ID, by default. */
const runIdPattern = /^[A-Za-z0-9_.~:+-]+$/;

/** POST /dags/{dag}/dagRuns: creates a run, which waits while its DAG is paused. */
export function triggerRun(parts: RouteParts, user: User, dagId: string, text: string): { body: unknown } | Rejection {
  const { state, switches, now } = parts;
  const body = readTrigger(parts, text);
  if (isRejection(body)) return body;
  const dag = state.findDag(dagId);
  if (!dag || dag.isStale || dag.isGone) return triggeredDagNotFound(dagId);
  const { dag_run_id: runId, conf, note } = body;
  const problem = describeDag(parts, dag) ?? (typeof runId === 'string' ? describeRunId(runId) : null) ?? describeConf(dag, conf);
  if (problem !== null) return badRequest(problem);
  if (typeof runId === 'string' && state.getJob(idOf({ dagId, runId }))) return duplicate();
  const timeOf = (name: string): number | null => (typeof body[name] === 'string' ? Math.floor(parseTime(body[name])?.ms ?? 0) : null);
  const id = state.addJob({
    dagId,
    user: user.username,
    logicalMs: timeOf('logical_date'),
    runAfterMs: timeOf('run_after') ?? now(),
    conf: conf ?? {},
    note: typeof note === 'string' ? note : null,
    ...(typeof runId === 'string' && { runId }),
  });
  return { body: runRow(state.getJob(id) as Run, dag, switches) };
}

function readTrigger({ switches }: RouteParts, text: string): Record<string, unknown> | Rejection {
  const fields = {
    dag_run_id: anyOf.text,
    logical_date: anyOf.time,
    run_after: anyOf.time,
    data_interval_start: anyOf.time,
    data_interval_end: anyOf.time,
    conf: anyOf.object,
    note: anyOf.text,
    ...(isAtLeast(switches, '3.2.1') && { partition_key: anyOf.text }),
  };
  return readBody(text, fields, ['logical_date']);
}

/** Why a DAG takes no triggers; null: it does. */
function describeDag({ switches }: RouteParts, { dagId, hasImportErrors, takesManualRuns }: Dag): string | null {
  if (hasImportErrors) return `Dag with dag_id: '${dagId}' has import errors and cannot be triggered`;
  return takesManualRuns || !isAtLeast(switches, '3.2.1') ? null : `Dag with dag_id: '${dagId}' does not allow manual runs`;
}

function describeRunId(runId: string): string | null {
  if (!runIdPattern.test(runId)) return `The run_id provided '${runId}' does not match regex pattern '${runIdPattern.source}'`;
  const type = runTypes.find((each) => runId.startsWith(`${each}__`)) ?? 'manual';
  return type === 'manual' ? null : `A manual DAG run cannot use ID '${runId}' since it is reserved for ${type} runs`;
}

/** Why the settings don't suit the parameters of the DAG; null: they do. */
function describeConf({ params }: Dag, conf: unknown): string | null {
  const given = new Map(typeof conf === 'object' && conf !== null ? Object.entries(conf) : []);
  for (const [name, type] of Object.entries(params)) {
    const value = given.get(name);
    if (value !== undefined && typeof value !== type) {
      return `Invalid input for param ${name}: ${JSON.stringify(value)} is not of type '${type}'`;
    }
  }
  return null;
}
