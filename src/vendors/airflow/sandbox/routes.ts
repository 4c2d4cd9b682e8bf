import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { clearRun, deleteRun, findRun, patchRun, patchRuns } from './actions.ts';
import { dagNotFound, forbidden, isRejection, type Rejection } from './errors.ts';
import type { Dag, Run } from './job.ts';
import { listRuns, listRunsByBody } from './list.ts';
import { createParameterReader } from './parameters.ts';
import { dagRow, runRow, taskRow } from './render.ts';
import type { RouteParts } from './route-parts.ts';
import { findTask, listTasks, readLog } from './tasks.ts';
import { triggerRun } from './trigger.ts';
import { mayChange, maySee, type User } from './users.ts';
import { listXcoms, readXcom } from './xcoms.ts';

export type RouteResult = { body: unknown; status?: number } | Rejection;

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /api/v2. Each group is one part of the path. */
  pattern: RegExp;
  handle(user: User, request: SandboxRequest, names: readonly string[]): RouteResult;
}

const run = '/dags/([^/]+)/dagRuns/([^/]+)';

export function createRoutes(parts: RouteParts): readonly Route[] {
  return [...runRoutes(parts), ...taskRoutes(parts), ...dagRoutes(parts)];
}

/** The run that a path names, with its DAG. */
function withRun(
  parts: RouteParts,
  handle: (found: { run: Readonly<Run>; dag: Readonly<Dag> }, user: User, request: SandboxRequest, names: readonly string[]) => RouteResult,
): Route['handle'] {
  return (user, request, names) => {
    const [dagId = '', runId = ''] = names;
    const found = findRun(parts, user, dagId, runId);
    if (isRejection(found)) return found;
    return handle({ run: found, dag: parts.state.dagOf(found) }, user, request, names);
  };
}

function runRoutes(parts: RouteParts): Route[] {
  const { switches } = parts;
  const changing =
    (handle: Route['handle']): Route['handle'] =>
    (user, request, names) =>
      mayChange(user) ? handle(user, request, names) : forbidden;
  return [
    {
      method: 'GET',
      pattern: /^\/dags\/([^/]+)\/dagRuns$/,
      handle: (user, { query }, [dagId = '']) => (dagId === '~' || maySee(user, dagId) ? listRuns(parts, user, dagId, query) : forbidden),
    },
    { method: 'POST', pattern: /^\/dags\/~\/dagRuns\/list$/, handle: (user, { body }) => listRunsByBody(parts, user, body) },
    {
      method: 'GET',
      pattern: new RegExp(`^${run}$`),
      handle: withRun(parts, ({ run: found, dag }) => ({ body: runRow(found, dag, switches) })),
    },
    {
      method: 'PATCH',
      pattern: new RegExp(`^${run}$`),
      handle: changing(withRun(parts, ({ run: found }, user, { body, query }) => patchRun(parts, user, found, body, query))),
    },
    {
      method: 'PATCH',
      pattern: /^\/dags\/([^/]+)\/dagRuns$/,
      handle: changing((user, { body }, [dagId = '']) => patchRuns(parts, user, dagId, body)),
    },
    { method: 'DELETE', pattern: new RegExp(`^${run}$`), handle: changing(withRun(parts, ({ run: found }) => deleteRun(parts, found))) },
    {
      method: 'POST',
      pattern: new RegExp(`^${run}/clear$`),
      handle: changing(withRun(parts, ({ run: found }, _user, { body }) => clearRun(parts, found, body))),
    },
    {
      method: 'POST',
      pattern: /^\/dags\/([^/]+)\/dagRuns$/,
      handle: changing((user, { body }, [dagId = '']) => (maySee(user, dagId) ? triggerRun(parts, user, dagId, body) : forbidden)),
    },
  ];
}

function taskRoutes(parts: RouteParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: new RegExp(`^${run}/taskInstances$`),
      handle: withRun(parts, (found, _user, { query }) => listTasks(parts, found.run, found.dag, query)),
    },
    ...['', '/(\\d+)'].map(
      (index): Route => ({
        method: 'GET',
        pattern: new RegExp(`^${run}/taskInstances/([^/]+)${index}$`),
        handle: withRun(parts, ({ run: found, dag }, _user, _request, [, , taskId = '', mapIndex = '-1']) => {
          const task = findTask(found, taskId, Number(mapIndex));
          return isRejection(task) ? task : { body: taskRow(task, found, dag) };
        }),
      }),
    ),
    {
      method: 'GET',
      pattern: new RegExp(`^${run}/taskInstances/~/xcomEntries$`),
      handle: withRun(parts, (found, _user, { query }) => listXcoms(parts, found.run, query)),
    },
    {
      method: 'GET',
      pattern: new RegExp(`^${run}/taskInstances/([^/]+)/xcomEntries/([^/]+)$`),
      handle: withRun(parts, (found, _user, { query }, [, , taskId = '', key = '']) =>
        readXcom(found.run, { taskId, mapIndex: Number(query.get('map_index') ?? -1), key }),
      ),
    },
    {
      method: 'GET',
      pattern: new RegExp(`^${run}/taskInstances/([^/]+)/logs/(\\d+)$`),
      handle: withRun(parts, (found, _user, { query }, [, , taskId = '', tryNumber = '']) => {
        const task = findTask(found.run, taskId, Number(query.get('map_index') ?? -1));
        return isRejection(task) ? task : readLog(parts, found.run, task, Number(tryNumber), query);
      }),
    },
  ];
}

function dagRoutes({ state }: RouteParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: /^\/dags$/,
      handle(user, { query }) {
        const read = createParameterReader(query);
        const [offset, limit] = [read.count('offset', 0), read.count('limit', 50)];
        const rejection = read.rejection();
        if (rejection) return rejection;
        const visible = [...state.dags()].filter(({ dagId, isStale, isGone }) => !isStale && !isGone && maySee(user, dagId));
        return { body: { dags: visible.slice(offset, offset + limit).map(dagRow), total_entries: visible.length } };
      },
    },
    {
      method: 'GET',
      pattern: /^\/dags\/([^/]+)$/,
      handle(user, _request, [dagId = '']) {
        const dag = state.findDag(dagId);
        if (!maySee(user, dagId)) return forbidden;
        return dag && !dag.isGone ? { body: dagRow(dag) } : dagNotFound(dagId);
      },
    },
  ];
}
