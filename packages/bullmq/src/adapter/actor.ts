import type { Reader } from './read.ts';
import type { BullmqSettings } from './settings.ts';
import type { SlotPool } from './slot.ts';

/** What the actions need beyond what reads need. */
export interface Actor extends Reader {
  settings: BullmqSettings;
  /** For the guarded removal. */
  guards: SlotPool;
}
