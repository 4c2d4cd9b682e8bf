// The store: Jobyard's own database, embedded or shared. Connections, transactions, and migrations; it uses no other folder's tables.

/**
 * Runs a statement and returns its rows as objects by column name: bigint columns as text, timestamptz as Date, jsonb parsed.
 * `name`: for a statement that is used often; an embedded database parses and plans it once. One name per text.
 */
export type Query = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
  name?: string,
) => Promise<Row[]>;

/** A transaction in progress, for rooms that take part in another room's transaction. */
export interface Transaction {
  query: Query;
  /** Calls `callback` after the commit, in the order of the calls; never if the transaction is not committed, or if that is unknown. */
  afterCommit(callback: () => void): void;
}

/**
 * Jobyard's database: PostgreSQL, embedded (PGlite) or a server. Both use the same SQL and code; only open-store.ts distinguishes them.
 * Every method that returns a promise opens the store and waits until it is open, which takes seconds at the first start. It throws
 * StoreUnavailableError if the store is not open in time or is unavailable.
 */
export interface Store {
  /** Whether other processes may use the store. If not, no other process is doing the work that an earlier one left unfinished. */
  isShared: boolean;
  /** Resolves when the store is open for the first time. Background work waits for this, so that an unused store is never opened. */
  opened: Promise<void>;
  /** Whether the store was available at its last use; null: it was not used yet. */
  isUp(): boolean | null;
  /** Opens the store, unless it is open. Rejects with StoreUnavailableError if that isn't possible in time. */
  whenOpen(): Promise<void>;
  /** How far the store's clock is ahead of this process's, in milliseconds; less than 2 seconds is 0. Unknown, and 0, until the store is open. */
  aheadMs(): number;
  /** Opens an existing store in the background, because it may have pending work; a new one opens at its first use. Called when the server listens. */
  resume(): void;
  /** One statement with $1, $2 … for the values. */
  query: Query;
  /** Applies all statements of `work`, or none. `work` must not use other methods of the store. */
  transaction<Value>(work: (query: Query, afterCommit: Transaction['afterCommit']) => Promise<Value>): Promise<Value>;
  /**
   * Calls `onMessage` for each `notify` on the channel, from any replica, until the returned function is called.
   * After a lost connection it listens again; notifications in between are lost.
   */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  /** Notifies all replicas that listen, including this one. `payload`: at most 7,500 bytes. */
  notify(channel: string, payload: string): Promise<void>;
  /** Waits for running statements, and releases the folder or the server. */
  close(): Promise<void>;
}

/**
 * The store is unavailable, or didn't open or respond in time. The request that needs it fails with this message. If the connection failed while a
 * statement ran, the statement may have been executed.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  /** Whether the database itself responded with the failure, over a connection that stays usable. */
  readonly isResponse: boolean;
  /** Whether it lasts until an operator acts: credentials, the database, or privileges are missing. */
  readonly isLasting: boolean;
  /** For the log only: it may contain the database's host and user. */
  readonly detail: string | null;

  constructor(
    message: string,
    { isResponse = false, isLasting = false, detail = null }: { isResponse?: boolean; isLasting?: boolean; detail?: string | null } = {},
  ) {
    super(message);
    this.isResponse = isResponse;
    this.isLasting = isLasting;
    this.detail = detail;
    // Not a bug, so logs need no stack trace.
    this.stack = `${this.name}: ${message}`;
  }
}

/** For work that a later attempt makes up for. Throws any other error. */
export function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

/** The message of a StoreUnavailableError without a more specific reason. */
export const storeUnavailable = "Jobyard's store is unavailable. Retry later.";
