import type { ActionResponse } from '../jobs/adapter.ts';
import { fail, type Problem, type Result, succeed } from '../jobs/problem.ts';
import { toLine } from '../jobs/storable-text.ts';
import type { HttpResult } from './http-request.ts';

/** The result of an adapter's request. `Details`: what the vendor's rejections contain beyond the problem. */
export type Reply<T, Details = unknown> = { kind: 'value'; value: T } | (Rejected & Details) | Failed;

/** The vendor understood the request and rejected it. */
export interface Rejected {
  kind: 'rejected';
  problem: Problem;
  /** The vendor's own code for the reason, or null. */
  vendorCode: string | null;
}

/** No usable response. `mayHaveArrived`: the vendor may have performed the request nevertheless. */
export interface Failed {
  kind: 'failed';
  problem: Problem;
  mayHaveArrived: boolean;
}

/** For a request without a response. */
export function toFailed({ problem, mayHaveArrived }: Extract<HttpResult, { answered: false }>): Failed {
  return { kind: 'failed', problem, mayHaveArrived };
}

/** For a reply to a read. */
export function toResult<T>(reply: Reply<T>): Result<T> {
  return reply.kind === 'value' ? succeed(reply.value) : fail(reply.problem);
}

/** For each job of an action without a usable response. */
export function toUncertain({ problem, mayHaveArrived }: Pick<Failed, 'problem' | 'mayHaveArrived'>): ActionResponse {
  return { kind: mayHaveArrived ? 'inconclusive' : 'notSent', problem };
}

/** Quotes the vendor's text in a message: one line, at most 300 characters, in quotation marks. */
export function quote(words: string): string {
  const line = toLine(words);
  return line === '' ? 'no reason given' : `"${line}"`;
}
