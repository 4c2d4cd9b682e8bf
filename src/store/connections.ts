import type { Pool } from 'pg';
import type { Notifications } from './notifications.ts';

/** What differs between an embedded store and a server. */
export interface Connections {
  /** For messages: where it is, without a password. */
  name: string;
  pool: Pool;
  isShared: boolean;
  /** Nothing is in it yet, so nothing in it waits to go on. */
  isNew: boolean;
  /** Whether a statement that was prepared is there for the next one: not behind a pooler. */
  keepsStatements: boolean;
  notifications: Notifications;
  /** How far the store's clock is ahead. */
  aheadMs(): number;
  /** Finds out, each time the store is opened, what the connections can do. Throws StoreUnusable where that is not enough. */
  prepare(): Promise<void>;
  /** The text that begins a transaction. */
  begin(): string;
  /** Calls back when the database itself has ended; the next connection starts it again, and it may be empty then. */
  onLost(listener: (error: Error) => void): void;
  /** Once the store has stopped using them. */
  close(): Promise<void>;
}
