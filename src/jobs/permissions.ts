import type { JobAction } from './job.ts';

/** What the caller of an operation may do on a system. */
export interface Permissions {
  mayRead(systemId: string): boolean;
  mayReadRaw(systemId: string): boolean;
  mayAct(systemId: string, action: JobAction): boolean;
  mayReadEvents(systemId: string): boolean;
  maySeeSystem(systemId: string): boolean;
}
