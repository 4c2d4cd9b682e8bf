import type { OddRows } from '../../../sandbox-kit/sandbox.ts';
import type { AodocsState } from './state.ts';

const withoutId = [{ jobId: null }, { jobId: {} }];
const readable = [{ status: null }, { requestor: {} }, { type: 7 }, { startedAt: 'soon' }];

/** Lists rows without a usable ID, and rows with one field of the wrong type. */
export function addOddRows(state: Pick<AodocsState, 'addJob'>): OddRows {
  for (const odd of withoutId) state.addJob({ odd });
  return { readableIds: readable.map((odd) => state.addJob({ odd })), withoutId: withoutId.length };
}
