import {
  type CallContext,
  fail,
  type JobQuery,
  type ListPage,
  type ListPosition,
  type ListSource,
  type Result,
  succeed,
} from 'jobyard/adapter';
import type { Calls, ListParameters } from './calls.ts';
import { statuses, toListRow } from './map.ts';

/** Nightrun rejects a larger `limit`. */
const maxPageRows = 100;

/** One list, of all runs. It declares what Nightrun guarantees; the core sorts and filters the rest. */
export function createListSources(systemId: string, calls: Calls, query: JobQuery): ListSource[] {
  const states = toStates(query);
  const isByCreation = query.order?.field === 'CREATED_AT';
  const order = query.order?.direction === 'ASC' && isByCreation ? 'oldest' : 'newest';
  return [
    {
      name: 'runs',
      order: isByCreation ? { by: 'QUERY', precisionMs: 0 } : { by: 'FIXED' },
      exact: false,
      numbered: true,
      readPage: ({ row }: ListPosition, count, call) =>
        readPage(systemId, calls, { offset: row, limit: Math.min(maxPageRows, count), order, states }, call),
    },
  ];
}

/** The states that a query can match; empty for all. An unknown word is UNKNOWN, so it can't be requested by name. */
function toStates({ statuses: wanted }: JobQuery): string[] {
  if (!wanted || wanted.has('UNKNOWN')) return [];
  const states = Array.from(statuses).flatMap(([state, status]) => (wanted.has(status) ? state : []));
  // None: a list without rows needs a word that no run has.
  return states.length > 0 ? states : ['none'];
}

async function readPage(systemId: string, calls: Calls, parameters: ListParameters, call: CallContext): Promise<Result<ListPage>> {
  const reply = await calls.listRuns(parameters, call);
  if (reply.kind !== 'value') return fail(reply.problem);
  const { runs, total } = reply.value;
  return succeed({
    rows: runs.map((run, index) => toListRow(systemId, run, index)),
    firstRow: parameters.offset,
    limit: parameters.limit,
    total,
    nextPart: null,
    frontier: null,
  });
}
