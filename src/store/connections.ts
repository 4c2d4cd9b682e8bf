import type { Pool } from 'pg';
import type { Notifications } from './notifications.ts';

/** The differences between an embedded store and a server. */
export interface Connections {
  /** For messages: the location of the store, without a password. */
  name: string;
  pool: Pool;
  isShared: boolean;
  /** Whether the store is empty, so that it has no pending work. */
  isNew: boolean;
  /** Whether prepared statements stay available; false behind a pooler. */
  keepsStatements: boolean;
  notifications: Notifications;
  /** How far the store's clock is ahead, in milliseconds. */
  aheadMs(): number;
  /** Called each time the store is opened. Determines what the connections support; throws UnusableStoreError if that is not enough. */
  prepare(): Promise<void>;
  /** The SQL that begins a transaction. */
  begin(): string;
  /** Calls `listener` when the database itself has ended. The next connection restarts it; it may be empty then. */
  onLost(listener: (error: Error) => void): void;
  /** Call it when the store no longer uses the connections. */
  close(): Promise<void>;
}
