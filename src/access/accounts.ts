import type { Limits } from '../config/limits.ts';
import type { Caller } from './caller.ts';
import { endOfOwnSeconds, rateLimited, type ShareRefusal } from './share-refusal.ts';

/** What one caller has in use. */
export interface Account {
  name: string;
  requests: number;
  /** Of requests in flight and of responses not taken. */
  bytes: number;
  followed: number;
  /** The cost of the operations at work that are not light. */
  cost: number;
  /** Operations that wait until they may begin. */
  line: WaitingOperation[];
}

export interface WaitingOperation {
  cost: number;
  end(refusal: ShareRefusal | null): void;
}

/** The accounts of the callers that have something in use, and what all of them have together. */
export interface Accounts {
  /** That of a caller, new if it had nothing in use. */
  of(caller: Caller): Account;
  /** Forgets an account that has nothing in use. */
  forget(account: Account): void;
  addBytes(account: Account, bytes: number): void;
  /**
   * Why a request of so many bytes is not taken in, of which `counted` are counted already. A caller that has none other in flight may send
   * as many as a request may have.
   */
  refuseBytes(account: Account, counted: number, ofRequest: number): ShareRefusal | null;
}

/** The part of all bytes in flight that callers can use up; the rest is for those that have nothing in flight. */
const sharedPart = 0.75;

export function createAccounts(limits: Pick<Limits, 'maxBytesInFlightPerCaller' | 'maxBytesInFlight'>): Accounts {
  const accounts = new Map<string, Account>();
  let allBytes = 0;
  return {
    of({ name }) {
      let account = accounts.get(name);
      if (!account) {
        account = { name, requests: 0, bytes: 0, followed: 0, cost: 0, line: [] };
        accounts.set(name, account);
      }
      return account;
    },
    forget(account) {
      const { name, requests, bytes, followed } = account;
      if (requests === 0 && bytes === 0 && followed === 0 && accounts.get(name) === account) accounts.delete(name);
    },
    addBytes(account, bytes) {
      account.bytes += bytes;
      allBytes += bytes;
    },
    refuseBytes({ name, bytes }, counted, ofRequest) {
      const others = bytes - counted;
      if (others > 0 && others + ofRequest > limits.maxBytesInFlightPerCaller) return tooManyBytes(name, limits);
      const most = others > 0 ? limits.maxBytesInFlight * sharedPart : limits.maxBytesInFlight;
      if (allBytes === counted || allBytes - counted + ofRequest <= most) return null;
      const message = `Jobyard has reached maxBytesInFlight, its limit for bytes of requests and responses. Retry in ${endOfOwnSeconds} seconds.`;
      return { status: 503, code: 'UNAVAILABLE', message, retryAfterSeconds: endOfOwnSeconds };
    },
  };
}

/** The caller has more bytes in flight than it may. */
export function tooManyBytes(name: string, { maxBytesInFlightPerCaller }: Pick<Limits, 'maxBytesInFlightPerCaller'>): ShareRefusal {
  return rateLimited(
    `${name} has more than ${maxBytesInFlightPerCaller} bytes of requests in flight and unread responses (maxBytesInFlightPerCaller).`,
  );
}
