import type { Account, WaitingOperation } from './accounts.ts';
import { rateLimited, type ShareRejection } from './share-rejection.ts';

/** The running operations of each caller, and the queue of those that wait to start. */
export interface WorkLine {
  /** Starts an operation of this cost if it may start now. It counts until its cost is released. */
  begin(account: Account, cost: number): boolean;
  /** Waits until an operation of this cost has started; then resolves to null. */
  wait(account: Account, cost: number, signal: AbortSignal): Promise<ShareRejection | null>;
  /** Operations of this cost have ended: the next one may start. */
  release(account: Account, cost: number): void;
}

export interface WorkLineOptions {
  limits: { maxCost: number };
  /** The maximum time that an operation waits to start. */
  maxWaitMs: number;
}

export function createWorkLine({ limits, maxWaitMs }: WorkLineOptions): WorkLine {
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

  return {
    begin(account, cost) {
      if (account.line.length > 0 || !mayBegin(account, cost)) return false;
      account.cost += cost;
      return true;
    },
    wait: (account, cost, signal) =>
      new Promise((resolve) => {
        const waiting: WaitingOperation = {
          cost,
          end(rejection) {
            clearTimeout(timer);
            signal.removeEventListener('abort', giveUp);
            resolve(rejection);
          },
        };
        const giveUp = (): void => {
          account.line.splice(account.line.indexOf(waiting), 1);
          waiting.end(rateLimited(`The operation didn't start in time: other operations of ${account.name} are in progress.`));
          beginNext(account);
        };
        const timer = setTimeout(giveUp, maxWaitMs).unref();
        signal.addEventListener('abort', giveUp);
        account.line.push(waiting);
      }),
    release(account, cost) {
      account.cost -= cost;
      beginNext(account);
    },
  };
}
