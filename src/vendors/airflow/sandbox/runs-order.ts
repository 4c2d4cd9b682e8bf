import { badRequest, type Rejection } from './errors.ts';
import type { Run } from './job.ts';
import type { AirflowSwitches } from './switches.ts';

/** What a list is sorted by. */
export interface Order {
  field: string;
  descending: boolean;
}

type Key = number | string | null;

const keys: Readonly<Record<string, (run: Run) => Key>> = {
  id: ({ row }) => row,
  state: ({ state }) => state,
  dag_id: ({ dagId }) => dagId,
  run_id: ({ runId }) => runId,
  dag_run_id: ({ runId }) => runId,
  logical_date: ({ logicalMs }) => logicalMs,
  run_after: ({ runAfterMs, micros }) => runAfterMs + micros / 1000,
  start_date: ({ startMs }) => startMs,
  end_date: ({ endMs }) => endMs,
  updated_at: ({ updatedMs }) => updatedMs,
  conf: ({ conf }) => JSON.stringify(conf),
  duration: ({ startMs, endMs }) => (startMs === null || endMs === null ? null : endMs - startMs),
};

/** `order_by` of Airflow: the first field decides here, and then the primary key in its direction. */
export function readOrder(words: readonly string[]): Order | Rejection {
  for (const word of words) {
    const field = word.replace(/^-/, '');
    if (!Object.hasOwn(keys, field)) {
      return badRequest(`Ordering with '${field}' is disallowed or the attribute does not exist on the model`);
    }
  }
  const [first = 'id'] = words;
  return { field: first.replace(/^-/, ''), descending: first.startsWith('-') };
}

/** The value that a run is sorted by. */
export function keyOf(run: Run, { field }: Order): Key {
  return keys[field]?.(run) ?? null;
}

export function compareRuns(order: Order, { missingTimes }: AirflowSwitches): (a: Run, b: Run) => number {
  const sign = order.descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [keyOf(a, order), keyOf(b, order)];
    if (x === y) return sign * (a.row - b.row);
    if (x === null || y === null) {
      const last = x === null ? 1 : -1;
      if (missingTimes === 'last') return last;
      return missingTimes === 'postgres' ? sign * last : -sign * last;
    }
    return sign * (x < y ? -1 : 1);
  };
}
