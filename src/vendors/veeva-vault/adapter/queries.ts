import { bulkhead, TaskCancelledError } from 'cockatiel';
import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toResult, type VaultReply } from './envelope.ts';
import { describeReadRejection, describeUnread, isAboutAnyCall, isSyntaxRejection } from './errors.ts';
import { querySchema } from './wire.ts';

/** What came of a query. */
export type QueryResult =
  | { kind: 'rows'; rows: readonly unknown[] }
  /** The Vault doesn't accept this query, or not from this user. `isLasting`: it never will (an unknown target, a wrong operator). */
  | { kind: 'rejected'; isLasting: boolean; problem: Problem }
  /** Nothing is known: no answer, or the Vault is unavailable. */
  | { kind: 'failed'; problem: Problem };

/** Runs a query to its last page. */
export type RunQuery = (query: string, call: CallContext) => Promise<QueryResult>;

/** Per user and Vault. A call with a credential of its own counts too: whose it is can't be told. */
const maxQueriesAtOnce = 5;
/** 1,000 rows each, for at most 1,000 ids: links that lead in a circle would never end. */
const maxPages = 50;

export function createQueryRunner(systemId: string, calls: Calls): RunQuery {
  const places = bulkhead(maxQueriesAtOnce, Number.POSITIVE_INFINITY);

  const inPlace = async (send: () => Promise<VaultReply>, call: CallContext): Promise<VaultReply> => {
    try {
      return await places.execute(send, call.signal);
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      const message = `Not sent to ${systemId}: the time was up, or the caller went away, before a query could start.`;
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
      if (position === null) return { kind: 'failed', problem: foreignPage(systemId) };
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
        problem: describeReadRejection(systemId, answer.rejection),
      };
    // A gateway that lets no POST to /query pass, or an answer that isn't the documented one: REST may work.
    case 'processed':
      return { kind: 'rejected', isLasting: false, problem: describeUnread(systemId, answer.wire) };
    case 'unreadable': {
      const { status } = answer.wire;
      const isOfGateway = status < 500 && status !== 401 && status !== 408 && status !== 429;
      return isOfGateway ? { kind: 'rejected', isLasting: false, problem } : { kind: 'failed', problem };
    }
  }
}

function foreignPage(systemId: string): Problem {
  return createProblem('INVALID_VENDOR_RESPONSE', `${systemId} named a next page that is none of this query's; Jobyard didn't request it.`);
}
