import type { OddRows } from '../../../sandbox-kit/sandbox.ts';
import type { VaultJobs } from './jobs.ts';

const withoutId = [{ job_id: null }, { job_id: {} }];
const readable = [{ status: null }, { created_by: {} }, { title: 7 }, { created_date: [] }];

/** Lists rows without a usable ID, and rows with one field of the wrong type. */
export function addOddRows(state: Pick<VaultJobs, 'addJob'>): OddRows {
  for (const odd of withoutId) state.addJob({ odd });
  return { readableIds: readable.map((odd) => String(state.addJob({ odd }))), withoutId: withoutId.length };
}
