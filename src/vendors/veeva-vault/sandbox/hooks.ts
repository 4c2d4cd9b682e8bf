import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';

/** A rejection or server error of Vault's own that befalls calls, in a proper envelope. */
export interface Rejection {
  /** Such as UNEXPECTED_ERROR, RACE_CONDITION or OPERATION_IN_PROGRESS. */
  type: string;
  message?: string;
  /** EXCEPTION says that the server failed, FAILURE (the default) that the caller did. */
  responseStatus?: 'FAILURE' | 'EXCEPTION';
  httpStatus?: number;
  /** Only calls of this method. */
  method?: string;
  /** Only calls whose path contains this text. */
  path?: string;
  /** Befalls this many calls. Default 1. */
  times?: number;
  /** Whether the call had taken effect before it failed. Default false. */
  applied?: boolean;
}

/** What tests can slip in before or instead of an answer. */
export interface VaultHooks {
  rejectNext(rejection: Rejection): void;
  /** Calls `happen` once, just before the next call whose path contains `path` is answered: another user who is faster. */
  beforeNext(path: string, happen: () => void): void;
}

export interface Hooks extends VaultHooks {
  /** The rejection that befalls this call, used up by asking. */
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
