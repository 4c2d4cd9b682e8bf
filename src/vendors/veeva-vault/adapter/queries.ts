import { bulkhead, TaskCancelledError } from 'cockatiel';
import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toResult, type VaultReply } from './envelope.ts';
import { describeReadError, describeUnread, isAboutAnyCall, isSyntaxRejection } from './errors.ts';
import { querySchema } from './wire.ts';

/** The result of a query. */
export type QueryResult =
  | { kind: 'rows'; rows: readonly unknown[] }
  /** The Vault doesn't accept this query, or not from this user. `isLasting`: it never does (an unknown target, a wrong operator). */
  | { kind: 'rejected'; isLasting: boolean; problem: Problem }
  /** No response, or the Vault is unavailable. */
  | { kind: 'failed'; problem: Problem };

/** Runs a query to its last page. */
export type RunQuery = (query: string, call: CallContext) => Promise<QueryResult>;

/** Per user and Vault. A call with the caller's own credential counts too, as its user is unknown. */
const maxQueriesAtOnce = 5;
/** Of 1,000 rows each, for at most 1,000 IDs: circular links would never end. */
const maxPages = 50;

export function createQueryRunner(systemId: string, calls: Calls): RunQuery {
  const places = bulkhead(maxQueriesAtOnce, Number.POSITIVE_INFINITY);

  const inPlace = async (send: () => Promise<VaultReply>, call: CallContext): Promise<VaultReply> => {
    try {
      return await places.execute(send, call.signal);
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      const message = `Not sent to ${systemId}: the deadline passed, or the caller disconnected, before the query started.`;
      return { kind: 'lost', mayHaveArrived: false, problem: createProblem('NOT_ATTEMPTED', message) };
    }
  };

  return async (query, call) => {
    const rows: unknown[] = [];
    let answer = await inPlace(() => calls.query(query, call), call);
    for (let pages = 1; ; pages += 1) {
      const page = toResult(systemId, answer, querySchema);
      if (!page.ok) return toFailure(systemId, answer, page.problem);
      rows.push(...page.value.data);
      const link = page.value.responseDetails?.next_page;
      if (!link) return { kind: 'rows', rows };
      const position = pages < maxPages ? calls.toQueryPage(link) : null;
      if (position === null) return { kind: 'failed', problem: unrelatedPage(systemId) };
      answer = await inPlace(() => calls.nextQueryPage(position, call), call);
    }
  };
}

function toFailure(systemId: string, answer: VaultReply, problem: Problem): QueryResult {
  switch (answer.kind) {
    case 'lost':
      return { kind: 'failed', problem };
    case 'rejected':
      if (isAboutAnyCall(answer.rejection)) return { kind: 'failed', problem };
      return {
        kind: 'rejected',
        isLasting: isSyntaxRejection(answer.rejection),
        problem: describeReadError(systemId, answer.rejection),
      };
    // A gateway that blocks POST to /query, or an undocumented response: REST may work.
    case 'processed':
      return { kind: 'rejected', isLasting: false, problem: describeUnread(systemId, answer.wire) };
    case 'unreadable': {
      const { status } = answer.wire;
      const isOfGateway = status < 500 && status !== 401 && status !== 408 && status !== 429;
      return isOfGateway ? { kind: 'rejected', isLasting: false, problem } : { kind: 'failed', problem };
    }
  }
}

function unrelatedPage(systemId: string): Problem {
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} returned a link to a next page that isn't part of this query. Jobyard didn't follow it.`,
  );
}
