import type { OddRows } from '../../../sandbox-kit/sandbox.ts';
import type { KylinState } from './state.ts';

const withoutId = [{ id: null }, { id: {} }];
const readable = [{ job_status: null }, { submitter: {} }, { job_name: 7 }, { create_time: 'soon' }];

/** Lists rows without a usable ID, and rows with one field of the wrong type. */
export function addOddRows(state: Pick<KylinState, 'addJob'>): OddRows {
  for (const odd of withoutId) state.addJob({ odd });
  return { readableIds: readable.map((odd) => state.addJob({ odd })), withoutId: withoutId.length };
}
