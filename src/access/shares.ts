import type { Caller } from './caller.ts';
import type { Limits } from './limits.ts';

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

/** Why a caller has to wait. Over HTTP a status with Retry-After, elsewhere an error of that code. */
export interface ShareRefusal {
  status: 429 | 503;
  code: 'RATE_LIMITED' | 'UNAVAILABLE';
  message: string;
  retryAfterSeconds: number;
}

export interface SharesOptions {
  limits: Pick<
    Limits,
    'maxRequestsInFlightPerCaller' | 'maxBytesInFlightPerCaller' | 'maxBytesInFlight' | 'maxFollowedJobsPerCaller' | 'maxCost'
  >;
  /** How long an operation waits at most until it may begin. */
  maxWaitMs: number;
}

/** In how many seconds a caller may come again for which something of its own has to end first. */
export const endOfOwnSeconds = 5;

/** The part of all bytes in flight that callers can use up; the rest is for those that have nothing in flight. */
const sharedPart = 0.75;

/** Operations that cost less than this part of `maxCost` never wait for the others of their caller. */
const lightShare = 0.03;

interface Account {
  name: string;
  requests: number;
  bytes: number;
  followed: number;
  /** The cost of the operations at work that are not light. */
  cost: number;
  line: Waiting[];
}

interface Waiting {
  cost: number;
  end(refusal: ShareRefusal | null): void;
}

export function createShares({ limits, maxWaitMs }: SharesOptions): Shares {
  const accounts = new Map<string, Account>();
  let allBytes = 0;

  const accountOf = ({ name }: Caller): Account => {
    let account = accounts.get(name);
    if (!account) {
      account = { name, requests: 0, bytes: 0, followed: 0, cost: 0, line: [] };
      accounts.set(name, account);
    }
    return account;
  };
  const forget = (account: Account): void => {
    const { name, requests, bytes, followed } = account;
    if (requests === 0 && bytes === 0 && followed === 0 && accounts.get(name) === account) accounts.delete(name);
  };
  const addBytes = (account: Account, bytes: number): void => {
    account.bytes += bytes;
    allBytes += bytes;
  };

  const rateLimited = (message: string): ShareRefusal => {
    const retryAfterSeconds = endOfOwnSeconds;
    return { status: 429, code: 'RATE_LIMITED', message: `${message} Retry in ${retryAfterSeconds} seconds.`, retryAfterSeconds };
  };
  const tooManyBytes = (name: string): ShareRefusal =>
    rateLimited(`${name} has more than ${limits.maxBytesInFlightPerCaller} bytes in requests in flight and responses not read.`);

  /**
   * Why a request of so many bytes is not taken in, of which `counted` are counted already. A caller that has none other in flight may send
   * as many as a request may have.
   */
  const refuseBytes = ({ name, bytes }: Account, counted: number, ofRequest: number): ShareRefusal | null => {
    const others = bytes - counted;
    if (others > 0 && others + ofRequest > limits.maxBytesInFlightPerCaller) return tooManyBytes(name);
    const most = others > 0 ? limits.maxBytesInFlight * sharedPart : limits.maxBytesInFlight;
    if (allBytes === counted || allBytes - counted + ofRequest <= most) return null;
    const message = `Jobyard has as many bytes of requests and responses in flight as allowed. Retry in ${endOfOwnSeconds} seconds.`;
    return { status: 503, code: 'UNAVAILABLE', message, retryAfterSeconds: endOfOwnSeconds };
  };

  const mayBegin = (account: Account, cost: number): boolean => account.cost === 0 || account.cost + cost <= limits.maxCost;
  const beginNext = (account: Account): void => {
    for (;;) {
      const [first] = account.line;
      if (!first || !mayBegin(account, first.cost)) return;
      account.line.shift();
      account.cost += first.cost;
      first.end(null);
    }
  };

  const waitInLine = (account: Account, cost: number, signal: AbortSignal): Promise<ShareRefusal | null> =>
    new Promise((resolve) => {
      const waiting: Waiting = {
        cost,
        end(refusal) {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve(refusal);
        },
      };
      const giveUp = (): void => {
        account.line.splice(account.line.indexOf(waiting), 1);
        waiting.end(rateLimited(`The operation was not begun in time: other operations of ${account.name} are in progress.`));
        beginNext(account);
      };
      const timer = setTimeout(giveUp, maxWaitMs).unref();
      signal.addEventListener('abort', giveUp);
      account.line.push(waiting);
    });

  const createPlace = (account: Account, bytesAtFirst: number): Place => {
    let bytes = bytesAtFirst;
    let cost = 0;
    let isLeft = false;
    return {
      grow(more) {
        if (isLeft) return true;
        const isWithin = refuseBytes(account, bytes, bytes + more) === null;
        bytes += more;
        addBytes(account, more);
        return isWithin;
      },
      async beginWork(ofOperation, signal) {
        if (account.bytes > Math.max(bytes, limits.maxBytesInFlightPerCaller)) return tooManyBytes(account.name);
        if (ofOperation < limits.maxCost * lightShare) return null;
        if (account.line.length === 0 && mayBegin(account, ofOperation)) account.cost += ofOperation;
        else {
          if (signal.aborted) return null;
          const refusal = await waitInLine(account, ofOperation, signal);
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
        addBytes(account, -bytes);
        release();
        forget(account);
      },
    };

    function release(): void {
      account.cost -= cost;
      cost = 0;
      beginNext(account);
    }
  };

  return {
    enter(caller, bytes) {
      const account = accountOf(caller);
      const most = limits.maxRequestsInFlightPerCaller;
      const refusal =
        account.requests >= most
          ? rateLimited(`${caller.name} has ${most} requests in flight, as many as allowed.`)
          : refuseBytes(account, 0, bytes);
      if (refusal) {
        forget(account);
        return { kind: 'rejected', ...refusal };
      }
      account.requests += 1;
      addBytes(account, bytes);
      return { kind: 'entered', place: createPlace(account, bytes) };
    },
    addUnsent(caller, bytes) {
      const account = accountOf(caller);
      addBytes(account, bytes);
      forget(account);
      return account.bytes <= limits.maxBytesInFlightPerCaller;
    },
    follow(caller, jobs) {
      const account = accountOf(caller);
      if (account.followed + jobs > limits.maxFollowedJobsPerCaller) {
        forget(account);
        return null;
      }
      account.followed += jobs;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        account.followed -= jobs;
        forget(account);
      };
    },
  };
}
