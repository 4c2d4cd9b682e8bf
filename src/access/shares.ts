import type { Limits } from '../config/limits.ts';
import { type Account, type Accounts, createAccounts, tooManyBytes } from './accounts.ts';
import type { Caller } from './caller.ts';
import { rateLimited, type ShareRefusal } from './share-refusal.ts';
import { createWorkLine, type WorkLine } from './work-line.ts';

/**
 * What each caller has in use: requests in flight, their bytes and those of responses not taken, operations at work, followed jobs.
 * Counted by the caller's name over all connections and transports; without configured access all are one caller.
 */
export interface Shares {
  /** Takes in a request of so many bytes, as far as they are known. */
  enter(caller: Caller, bytes: number): Entry;
  /** Counts bytes that a connection has not taken yet; negative when it has. False: beyond what the caller may have. */
  addUnsent(caller: Caller, bytes: number): boolean;
  /** Counts followed jobs until the function it gives back is called. Null: beyond what the caller may follow. */
  follow(caller: Caller, jobs: number): (() => void) | null;
}

export type Entry = { kind: 'entered'; place: Place } | ({ kind: 'rejected' } & ShareRefusal);

/** Of a request in flight. */
export interface Place {
  /** Counts more bytes of the request or its response. False: beyond what the caller may have. */
  grow(bytes: number): boolean;
  /** Waits until an operation of this cost may begin; null then. It is at work until the place is left. */
  beginWork(cost: number, signal: AbortSignal): Promise<ShareRefusal | null>;
  /** To be called when the response has been taken or given up. */
  leave(): void;
}

export interface SharesOptions {
  limits: Pick<
    Limits,
    'maxRequestsInFlightPerCaller' | 'maxBytesInFlightPerCaller' | 'maxBytesInFlight' | 'maxFollowedJobsPerCaller' | 'maxCost'
  >;
  /** How long an operation waits at most until it may begin. */
  maxWaitMs: number;
}

/** Operations that cost less than this part of `maxCost` never wait for the others of their caller. */
const lightShare = 0.03;

export function createShares({ limits, maxWaitMs }: SharesOptions): Shares {
  const accounts = createAccounts(limits);
  const workLine = createWorkLine({ limits, maxWaitMs });
  return {
    enter(caller, bytes) {
      const account = accounts.of(caller);
      const most = limits.maxRequestsInFlightPerCaller;
      const refusal =
        account.requests >= most
          ? rateLimited(`${caller.name} has ${most} requests in flight, the maximum (maxRequestsInFlightPerCaller).`)
          : accounts.refuseBytes(account, 0, bytes);
      if (refusal) {
        accounts.forget(account);
        return { kind: 'rejected', ...refusal };
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
    follow(caller, jobs) {
      const account = accounts.of(caller);
      if (account.followed + jobs > limits.maxFollowedJobsPerCaller) {
        accounts.forget(account);
        return null;
      }
      account.followed += jobs;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        account.followed -= jobs;
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

/** The place of a request that has been counted with so many bytes. */
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
      const isWithin = accounts.refuseBytes(account, bytes, bytes + more) === null;
      bytes += more;
      accounts.addBytes(account, more);
      return isWithin;
    },
    async beginWork(ofOperation, signal) {
      if (account.bytes > Math.max(bytes, limits.maxBytesInFlightPerCaller)) return tooManyBytes(account.name, limits);
      if (ofOperation < limits.maxCost * lightShare) return null;
      if (!workLine.begin(account, ofOperation)) {
        if (signal.aborted) return null;
        const refusal = await workLine.wait(account, ofOperation, signal);
        if (refusal) return refusal;
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
