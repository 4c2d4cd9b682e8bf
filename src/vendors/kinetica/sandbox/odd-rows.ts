import type { OddRows } from '../../../sandbox-kit/sandbox.ts';
import type { KineticaState } from './state.ts';

const withoutId = [{ job_id: null }, { job_id: {} }];
const readable = [{ status: null }, { auth_id: {} }, { endpoint_name: 7 }, { time_received: [] }];

/** Lists rows without a usable ID, and rows with one field of the wrong type. */
export function addOddRows(state: Pick<KineticaState, 'addJob'>): OddRows {
  for (const odd of withoutId) state.addJob({ odd });
  return { readableIds: readable.map((odd) => state.addJob({ odd })), withoutId: withoutId.length };
}
