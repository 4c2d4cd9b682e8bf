import type { Limits } from '../config/limits.ts';
import type { Caller } from './caller.ts';
import { endOfOwnSeconds, rateLimited, type ShareRejection } from './share-rejection.ts';

/** The resources that one caller uses. */
export interface Account {
  name: string;
  requests: number;
  /** Bytes of requests in flight and of unread responses. */
  bytes: number;
  watchedJobs: number;
  /** The total cost of the running operations, except light ones. */
  cost: number;
  /** Operations that wait to start. */
  line: WaitingOperation[];
}

export interface WaitingOperation {
  cost: number;
  end(rejection: ShareRejection | null): void;
}

/** The accounts of the callers that use resources, and their total. */
export interface Accounts {
  /** The account of a caller. Created if the caller uses nothing yet. */
  of(caller: Caller): Account;
  /** Deletes an account that uses nothing. */
  forget(account: Account): void;
  addBytes(account: Account, bytes: number): void;
  /**
   * Why a request of `ofRequest` bytes is rejected, or null. `counted` of these bytes are counted already. A caller with no other request
   * in flight may send a request of the maximum size.
   */
  checkBytes(account: Account, counted: number, ofRequest: number): ShareRejection | null;
}

/** The share of `maxBytesInFlight` that callers with requests in flight can use. The rest is reserved for callers with none. */
const sharedPart = 0.75;

export function createAccounts(limits: Pick<Limits, 'maxBytesInFlightPerCaller' | 'maxBytesInFlight'>): Accounts {
  const accounts = new Map<string, Account>();
  let allBytes = 0;
  return {
    of({ name }) {
      let account = accounts.get(name);
      if (!account) {
        account = { name, requests: 0, bytes: 0, watchedJobs: 0, cost: 0, line: [] };
        accounts.set(name, account);
      }
      return account;
    },
    forget(account) {
      const { name, requests, bytes, watchedJobs } = account;
      if (requests === 0 && bytes === 0 && watchedJobs === 0 && accounts.get(name) === account) accounts.delete(name);
    },
    addBytes(account, bytes) {
      account.bytes += bytes;
      allBytes += bytes;
    },
    checkBytes({ name, bytes }, counted, ofRequest) {
      const others = bytes - counted;
      if (others > 0 && others + ofRequest > limits.maxBytesInFlightPerCaller) return tooManyBytes(name, limits);
      const max = others > 0 ? limits.maxBytesInFlight * sharedPart : limits.maxBytesInFlight;
      if (allBytes === counted || allBytes - counted + ofRequest <= max) return null;
      const message = `Jobyard has reached maxBytesInFlight, its limit for bytes of requests and responses. Retry in ${endOfOwnSeconds} seconds.`;
      return { status: 503, code: 'UNAVAILABLE', message, retryAfterSeconds: endOfOwnSeconds };
    },
  };
}

/** The rejection of a caller that exceeds its bytes in flight. */
export function tooManyBytes(name: string, { maxBytesInFlightPerCaller }: Pick<Limits, 'maxBytesInFlightPerCaller'>): ShareRejection {
  return rateLimited(
    `${name} has more than ${maxBytesInFlightPerCaller} bytes of requests in flight and unread responses (maxBytesInFlightPerCaller).`,
  );
}
