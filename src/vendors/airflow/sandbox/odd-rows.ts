import type { OddRows } from '../../../sandbox-kit/sandbox.ts';
import type { AirflowState } from './state.ts';

const withoutId = [{ dag_run_id: null }, { dag_run_id: 'a/b' }, { dag_run_id: '~' }];
const readable = [{ state: null }, { dag_display_name: {} }, { run_type: 7 }, { run_after: 'soon' }, { triggering_user_name: 4711 }];

/** Lists rows without a usable ID, and rows with one field of the wrong type. */
export function addOddRows(state: Pick<AirflowState, 'addJob'>): OddRows {
  for (const odd of withoutId) state.addJob({ odd, isFrozen: true });
  return { readableIds: readable.map((odd) => state.addJob({ odd, isFrozen: true })), withoutId: withoutId.length };
}
