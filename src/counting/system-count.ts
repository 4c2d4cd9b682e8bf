import type { Problem } from '../jobs/problem.ts';
import type { Cell } from './cell.ts';

/** EXACT: the number at one moment. AT_LEAST: there may be more. UNKNOWN: no job was counted, and there may be some. */
export type CountPrecision = 'EXACT' | 'AT_LEAST' | 'UNKNOWN';

/** The matching jobs of one system. */
export interface SystemCount {
  cells: readonly Cell[];
  /** Of the sum of the cells, and of the number of jobs in cells that aren't listed. */
  precision: CountPrecision;
  /** Why the precision isn't EXACT; else null. */
  problem: Problem | null;
  /** When counting began. */
  observedAt: Date;
}
