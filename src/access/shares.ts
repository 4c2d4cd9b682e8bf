import type { Limits } from '../config/limits.ts';
import { type Account, type Accounts, createAccounts, tooManyBytes } from './accounts.ts';
import type { Caller } from './caller.ts';
import { rateLimited, type ShareRejection } from './share-rejection.ts';
import { createWorkLine, type WorkLine } from './work-line.ts';

/**
 * The resources that each caller uses: requests in flight, bytes of requests and unread responses, running operations, and watched jobs.
 * Counted by the caller's name over all connections and transports. While access control is off, all callers share one name.
 */
export interface Shares {
  /** Admits a request of this many bytes, as far as the size is known. */
  enter(caller: Caller, bytes: number): Entry;
  /** Counts bytes that a connection hasn't read yet; negative when it has. False: the caller exceeds its limit. */
  addUnsent(caller: Caller, bytes: number): boolean;
  /** Counts watched jobs until the returned function is called. Null: the caller exceeds its limit. */
  watch(caller: Caller, jobs: number): (() => void) | null;
}

export type Entry = { kind: 'entered'; place: Place } | ({ kind: 'rejected' } & ShareRejection);

/** The share of a request in flight. */
export interface Place {
  /** Counts more bytes of the request or its response. False: the caller exceeds its limit. */
  grow(bytes: number): boolean;
  /** Waits until an operation of this cost may start; then resolves to null. The operation counts until the place is left. */
  beginWork(cost: number, signal: AbortSignal): Promise<ShareRejection | null>;
  /** Must be called when the response was sent or abandoned. */
  leave(): void;
}

export interface SharesOptions {
  limits: Pick<
    Limits,
    'maxRequestsInFlightPerCaller' | 'maxBytesInFlightPerCaller' | 'maxBytesInFlight' | 'maxWatchedJobsPerCaller' | 'maxCost'
  >;
  /** The maximum time that an operation waits to start. */
  maxWaitMs: number;
}

/** Operations that cost less than this share of `maxCost` never wait for others of their caller. */
const lightShare = 0.03;

export function createShares({ limits, maxWaitMs }: SharesOptions): Shares {
  const accounts = createAccounts(limits);
  const workLine = createWorkLine({ limits, maxWaitMs });
  return {
    enter(caller, bytes) {
      const account = accounts.of(caller);
      const max = limits.maxRequestsInFlightPerCaller;
      const rejection =
        account.requests >= max
          ? rateLimited(`${caller.name} has ${max} requests in flight, the maximum (maxRequestsInFlightPerCaller).`)
          : accounts.checkBytes(account, 0, bytes);
      if (rejection) {
        accounts.forget(account);
        return { kind: 'rejected', ...rejection };
      }
      account.requests += 1;
      accounts.addBytes(account, bytes);
      return { kind: 'entered', place: createPlace({ limits, accounts, workLine }, account, bytes) };
    },
    addUnsent(caller, bytes) {
      const account = accounts.of(caller);
      accounts.addBytes(account, bytes);
      accounts.forget(account);
      return account.bytes <= limits.maxBytesInFlightPerCaller;
    },
    watch(caller, jobs) {
      const account = accounts.of(caller);
      if (account.watchedJobs + jobs > limits.maxWatchedJobsPerCaller) {
        accounts.forget(account);
        return null;
      }
      account.watchedJobs += jobs;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        account.watchedJobs -= jobs;
        accounts.forget(account);
      };
    },
  };
}

interface PlaceParts {
  limits: SharesOptions['limits'];
  accounts: Accounts;
  workLine: WorkLine;
}

/** Creates the place of a request whose bytes are counted. */
function createPlace({ limits, accounts, workLine }: PlaceParts, account: Account, bytesAtFirst: number): Place {
  let bytes = bytesAtFirst;
  let cost = 0;
  let isLeft = false;
  const release = (): void => {
    workLine.release(account, cost);
    cost = 0;
  };
  return {
    grow(more) {
      if (isLeft) return true;
      const isWithin = accounts.checkBytes(account, bytes, bytes + more) === null;
      bytes += more;
      accounts.addBytes(account, more);
      return isWithin;
    },
    async beginWork(ofOperation, signal) {
      if (account.bytes > Math.max(bytes, limits.maxBytesInFlightPerCaller)) return tooManyBytes(account.name, limits);
      if (ofOperation < limits.maxCost * lightShare) return null;
      if (!workLine.begin(account, ofOperation)) {
        if (signal.aborted) return null;
        const rejection = await workLine.wait(account, ofOperation, signal);
        if (rejection) return rejection;
      }
      cost += ofOperation;
      if (isLeft) release();
      return null;
    },
    leave() {
      if (isLeft) return;
      isLeft = true;
      account.requests -= 1;
      accounts.addBytes(account, -bytes);
      release();
      accounts.forget(account);
    },
  };
}
