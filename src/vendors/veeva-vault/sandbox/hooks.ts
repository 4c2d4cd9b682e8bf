import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';

/** A rejection or server error of the Vault itself, in its envelope. */
export interface Rejection {
  /** Such as UNEXPECTED_ERROR, RACE_CONDITION or OPERATION_IN_PROGRESS. */
  type: string;
  message?: string;
  /** EXCEPTION: the server failed. FAILURE (the default): the request was wrong. */
  responseStatus?: 'FAILURE' | 'EXCEPTION';
  httpStatus?: number;
  /** Only calls of this method. */
  method?: string;
  /** Only calls whose path contains this text. */
  path?: string;
  /** How many requests to reject. Default: 1. */
  times?: number;
  /** Whether the call had taken effect before it failed. Default false. */
  applied?: boolean;
}

/** What tests can make happen before or instead of a response. */
export interface VaultHooks {
  rejectNext(rejection: Rejection): void;
  /** Calls `happen` once, before the Vault processes the next request whose path contains `path`: another user who is faster. */
  beforeNext(path: string, happen: () => void): void;
}

export interface Hooks extends VaultHooks {
  /** Removes and returns the rejection of this request. */
  takeRejection(request: SandboxRequest): Rejection | undefined;
  runBefore(request: SandboxRequest): void;
}

export function createHooks(): Hooks {
  let rejections: { rejection: Rejection; left: number }[] = [];
  let surprises: { path: string; happen: () => void }[] = [];
  return {
    rejectNext(rejection) {
      rejections.push({ rejection, left: rejection.times ?? 1 });
    },
    beforeNext(path, happen) {
      surprises.push({ path, happen });
    },
    takeRejection({ method, path }) {
      const found = rejections.find(({ rejection }) => (rejection.method ?? method) === method && path.includes(rejection.path ?? ''));
      if (!found) return undefined;
      found.left -= 1;
      if (found.left <= 0) rejections = rejections.filter((each) => each !== found);
      return found.rejection;
    },
    runBefore({ path }) {
      const due = surprises.filter((surprise) => path.includes(surprise.path));
      surprises = surprises.filter((surprise) => !due.includes(surprise));
      for (const { happen } of due) happen();
    },
  };
}
