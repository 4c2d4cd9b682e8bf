/**
 * Rows of a statement, as objects by column name. bigint columns come as text, timestamptz as Date, jsonb parsed.
 * `name`: of a statement that is done over and over; an embedded database reads and plans it once. One name for one text.
 */
export type Query = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
  name?: string,
) => Promise<Row[]>;

/** A transaction under way: what a room gets that takes part in another room's. */
export interface Transaction {
  query: Query;
  /** Has `callback` called once the transaction is committed, in the order of the calls; never if it is not, or if that can't be known. */
  afterCommit(callback: () => void): void;
}

/**
 * Jobyard's own memory: PostgreSQL, embedded (PGlite) or a server. The same SQL and the same code for both;
 * only open-store.ts knows which it is.
 * Every method that returns a promise opens the store, waits until it is open, which takes seconds at the first start, and throws StoreUnavailable where it is not
 * open in time or can't be reached.
 */
export interface Store {
  /** Whether other processes may use it too. If not, what another process left under way is done by nobody. */
  isShared: boolean;
  /** Resolves once the store has been open. Work in the background waits for it: a store that nobody needs is never opened. */
  opened: Promise<void>;
  /** Whether its last use reached it; null: it was not used yet. */
  isUp(): boolean | null;
  /** How far the store's clock is ahead of this process's, in milliseconds; less than 2 seconds is 0. */
  aheadMs(): number;
  /** Opens it in the background, where there may be something in it to go on with; a new one opens at its first use. Called once the server listens. */
  resume(): void;
  /** One statement with $1, $2 … for the values. */
  query: Query;
  /** All statements of `work` or none. Uses no other method of the store meanwhile. */
  transaction<Value>(work: (query: Query, afterCommit: Transaction['afterCommit']) => Promise<Value>): Promise<Value>;
  /**
   * Calls `onMessage` for each `notify` on the channel, from whichever replica. Ends with the function that it gives back.
   * Where the connection is lost it listens again by itself, and what was told meanwhile is lost.
   */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  /** Tells all replicas, this one included. At most 7,500 bytes. Nothing is kept for those that don't listen. */
  notify(channel: string, payload: string): Promise<void>;
  /** Waits for the statements that run, and lets the folder or the server go. */
  close(): Promise<void>;
}

/**
 * The store can't be reached, did not open in time or can't do it just now. The request that needs it fails in these words; where the connection
 * broke while a statement ran, that statement may have been done.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailable';
  /** Whether the database itself said so, over a connection that is worth keeping. */
  readonly isAnswer: boolean;
  /** Whether it lasts until an operator acts: credentials, the database or rights are missing. */
  readonly isLasting: boolean;
  /** For the log alone: it may name the database's host and user. */
  readonly detail: string | null;

  constructor(
    message: string,
    { isAnswer = false, isLasting = false, detail = null }: { isAnswer?: boolean; isLasting?: boolean; detail?: string | null } = {},
  ) {
    super(message);
    this.isAnswer = isAnswer;
    this.isLasting = isLasting;
    this.detail = detail;
    // It is no bug, so where it was met belongs into no log.
    this.stack = `${this.name}: ${message}`;
  }
}
