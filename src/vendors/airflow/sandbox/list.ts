import { anyOf, readBody } from './body.ts';
import { badRequest, dagListNotFound, databaseError, invalid, isRejection, type Rejection, unprocessable } from './errors.ts';
import { type Run, runStates, runTypes } from './job.ts';
import { createParameterReader, type ParameterReader, parseTime } from './parameters.ts';
import { runRow } from './render.ts';
import type { RouteParts } from './route-parts.ts';
import { compareRuns, type Order, readOrder } from './runs-order.ts';
import { type AirflowSwitches, isAtLeast } from './switches.ts';
import { maySee, type User } from './users.ts';

type Condition = (run: Run) => boolean;

/** A page of the runs that meet all conditions. */
interface Page {
  conditions: readonly Condition[];
  order: Order;
  offset: number;
  limit: number;
  /** From 3.2.2 on: the cursor; empty: the first page. Null: pages by offset. */
  cursor: string | null;
}

/** GET /dags/{dag}/dagRuns. */
export function listRuns(parts: RouteParts, user: User, dagId: string, query: URLSearchParams): { body: unknown } | Rejection {
  const { state, switches } = parts;
  if (dagId !== '~' && (state.findDag(dagId)?.isGone ?? true)) return dagListNotFound(dagId);
  const read = createParameterReader(query);
  const page = readQuery(read, parts.now(), switches);
  const rejection = read.rejection();
  if (rejection) return rejection;
  if (isRejection(page)) return page;
  if (read.hasZonelessTime()) return databaseError();
  const ofDag: Condition[] = dagId === '~' ? [] : [(run) => run.dagId === dagId];
  return answerPage(parts, user, { ...page, conditions: [...ofDag, ...page.conditions] });
}

function readQuery(read: ParameterReader, nowMs: number, switches: AirflowSwitches): Page | Rejection {
  const states = read.list('state');
  const types = read.list('run_type');
  if (states.some((word) => !runStates.some((state) => state === word))) {
    return unprocessable(`Invalid value for state. Valid values are ${runStates.join(', ')}`);
  }
  if (types.some((word) => !runTypes.some((type) => type === word))) {
    return unprocessable(`Invalid value for run type. Valid values are ${runTypes.join(', ')}`);
  }
  const words = read.list('order_by');
  const order = readOrder(isAtLeast(switches, '3.1') ? words : words.slice(-1));
  if (isRejection(order)) return order;
  const limit = read.count('limit', 50);
  const cursor = isAtLeast(switches, '3.2.2') ? (read.text('cursor') ?? null) : null;
  return {
    conditions: [
      ...(states.length > 0 ? [(run: Run) => states.includes(run.state)] : []),
      ...(types.length > 0 ? [(run: Run) => types.includes(run.type)] : []),
      ...readRanges(read, nowMs, switches),
      ...readPatterns(read, switches),
    ],
    order,
    offset: cursor === null ? read.count('offset', 0) : 0,
    limit: isAtLeast(switches, '3.2.1') ? Math.min(limit, switches.maximumPageLimit) : limit,
    cursor,
  };
}

const ranges: Readonly<Record<string, (run: Run, nowMs: number) => number | null>> = {
  run_after: ({ runAfterMs, micros }) => runAfterMs + micros / 1000,
  logical_date: ({ logicalMs }) => logicalMs,
  // A run without this time is treated as if it had the present one.
  start_date: ({ startMs }, nowMs) => startMs ?? nowMs,
  end_date: ({ endMs }, nowMs) => endMs ?? nowMs,
  updated_at: ({ updatedMs }) => updatedMs,
};

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  gte: (value, bound) => value >= bound,
  lte: (value, bound) => value <= bound,
  gt: (value, bound) => value > bound,
  lt: (value, bound) => value < bound,
};

function readRanges(read: ParameterReader, nowMs: number, switches: AirflowSwitches): Condition[] {
  const words = isAtLeast(switches, '3.1') ? ['gte', 'lte', 'gt', 'lt'] : ['gte', 'lte'];
  return Object.entries(ranges).flatMap(([field, timeOf]) =>
    words.flatMap((word): Condition[] => {
      const bound = read.time(`${field}_${word}`);
      return bound === undefined ? [] : [(run) => comparisons[word]?.(timeOf(run, nowMs) ?? Number.NaN, bound) === true];
    }),
  );
}

/** Substrings, ignoring case, with the wildcards of SQL. */
function readPatterns(read: ParameterReader, switches: AirflowSwitches): Condition[] {
  const fields: [string, AirflowSwitches['version'], (run: Run) => string][] = [
    ['run_id_pattern', '3.1', ({ runId }) => runId],
    ['triggering_user_name_pattern', '3.1', ({ user }) => user ?? ''],
    ['dag_id_pattern', '3.2.1', ({ dagId }) => dagId],
  ];
  const conditions = fields.flatMap(([name, since, timeOf]): Condition[] => {
    const pattern = isAtLeast(switches, since) ? read.text(name) : undefined;
    if (pattern === undefined || pattern === '~') return [];
    const alternatives = pattern.split('|').map((part) => new RegExp(likePattern(part), 'i'));
    return [(run) => alternatives.some((expression) => expression.test(timeOf(run)))];
  });
  const prefixes = isAtLeast(switches, '3.2.2') ? read.text('run_id_prefix_pattern')?.split('|') : undefined;
  // Punctuation at the end is cut, so more runs match.
  const starts = prefixes?.map((prefix) => prefix.replace(/[^\p{L}\p{N}]+$/u, ''));
  return starts ? [...conditions, ({ runId }) => starts.some((start) => runId.startsWith(start))] : conditions;
}

function likePattern(text: string): string {
  return text
    .replace(/[.*+?^${}()[\]\\]/g, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
}

const bodyRanges = Object.keys(ranges)
  .filter((field) => field !== 'updated_at')
  .flatMap((field) => Object.keys(comparisons).map((word) => `${field}_${word}`));

/** POST /dags/~/dagRuns/list. */
export function listRunsByBody(parts: RouteParts, user: User, text: string): { body: unknown } | Rejection {
  const body = readBody(text, {
    dag_ids: anyOf.texts,
    states: anyOf.texts,
    order_by: anyOf.text,
    page_offset: anyOf.count,
    page_limit: anyOf.count,
    ...Object.fromEntries(bodyRanges.map((name) => [name, anyOf.time])),
  });
  if (isRejection(body)) return body;
  const order = readOrder(typeof body.order_by === 'string' ? [body.order_by] : []);
  if (isRejection(order)) return order;
  // An empty list is no condition.
  const chosen = (field: string): readonly unknown[] | null => {
    const values = body[field];
    return Array.isArray(values) && values.length > 0 ? values : null;
  };
  const [dagIds, states] = [chosen('dag_ids'), chosen('states')];
  const wrong = states?.find((word) => word !== null && !runStates.some((state) => state === word));
  if (wrong !== undefined) {
    return invalid({
      type: 'enum',
      loc: ['body', 'states', 0],
      msg: "Input should be 'queued', 'running', 'success' or 'failed'",
      input: wrong,
    });
  }
  const nowMs = parts.now();
  return answerPage(parts, user, {
    conditions: [
      ...(dagIds ? [(run: Run) => dagIds.includes(run.dagId)] : []),
      ...(states ? [(run: Run) => states.includes(run.state)] : []),
      ...bodyRanges.flatMap((name): Condition[] => {
        const bound = typeof body[name] === 'string' ? parseTime(body[name])?.ms : undefined;
        const cut = name.lastIndexOf('_');
        const timeOf = ranges[name.slice(0, cut)];
        if (bound === undefined || !timeOf) return [];
        return [(run) => comparisons[name.slice(cut + 1)]?.(timeOf(run, nowMs) ?? Number.NaN, bound) === true];
      }),
    ],
    order,
    offset: Number(body.page_offset ?? 0),
    // Not reduced to the maximum of the server.
    limit: Number(body.page_limit ?? 100),
    cursor: null,
  });
}

function answerPage(parts: RouteParts, user: User, page: Page): { body: unknown } | Rejection {
  const { state, switches } = parts;
  const visible = [...state.jobs()].filter((run) => maySee(user, run.dagId) && page.conditions.every((meets) => meets(run)));
  const matches = visible.sort(compareRuns(takeOrder(parts, page.order), switches));
  const rowsOf = (runs: readonly Run[]): unknown[] => runs.map((run) => runRow(run, state.dagOf(run), switches));
  const total = matches.length;
  if (page.cursor === null) {
    return { body: { dag_runs: rowsOf(matches.slice(page.offset, page.offset + page.limit)), total_entries: total } };
  }
  const start = page.cursor === '' ? 0 : toStart(matches, page);
  if (start === null) return badRequest('Invalid cursor token');
  const rows = matches.slice(start, start + page.limit);
  const hasNext = start + rows.length < total;
  const toCursor = (run: Run | undefined): string | null =>
    run === undefined ? null : Buffer.from(JSON.stringify([page.order.field, run.row])).toString('base64url');
  return {
    body: {
      dag_runs: rowsOf(rows),
      total_entries: total,
      next_cursor: hasNext ? toCursor(rows.at(-1)) : null,
      previous_cursor: start > 0 ? toCursor(rows[0]) : null,
    },
  };
}

/** The row after the cursor's; null: the cursor is invalid, or of another order. */
function toStart(matches: readonly Run[], { cursor, order }: Page): number | null {
  try {
    const [field, row] = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString('utf8')) as [string, number];
    if (field !== order.field) return null;
    return matches.findIndex((run) => run.row === row) + 1;
  } catch {
    return null;
  }
}

/** The order of this request or, in a race, the one of the request before it. */
function takeOrder({ switches, lastOrder }: RouteParts, order: Order): Order {
  const applied = switches.sortRace ? (lastOrder.value ?? order) : order;
  lastOrder.value = order;
  return applied;
}
