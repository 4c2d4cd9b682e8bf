import type { Order } from './runs-order.ts';
import type { AirflowState } from './state.ts';
import type { AirflowSwitches } from './switches.ts';

/** What the handlers of all routes share. */
export interface RouteParts {
  state: AirflowState;
  switches: AirflowSwitches;
  now(): number;
  /** The order of the last list, for the race of older releases. */
  lastOrder: { value: Order | null };
}
