import { createProblem, type Problem, type ProblemCode } from '../../jobs/problem.ts';
import type { WireAnswer } from '../../transport/exchange.ts';
import { describeStatus } from '../../transport/failures.ts';
import { parseJson } from '../../transport/json.ts';
import { type Envelope, envelopeSchema } from './wire.ts';

/** Kylin's own no. */
export interface VendorError {
  problem: Problem;
  /** `KE-010032219`; null where Kylin gave none. */
  vendorCode: string | null;
  /** Whether Kylin certainly left every job alone that was named alone; of several, some may have been changed. */
  certain: boolean;
}

/** What a call was for: a refused action is VENDOR_REJECTED, a refused read an answer that should not come. */
export type Purpose = 'read' | 'action';

export const jobUnknownCode = 'KE-010032219';

const accountLockedCode = 'KE-010003005';
const forwardFailedCode = 'KE-000027004';
const queryNodeCode = 'KE-040023203';
const noJobNodeCode = 'KE-010021004';

/** Codes with which Kylin refuses an operation before it changes the job (its ErrorCodeServer and ServerErrorCode), and what they mean here. */
const meanings: ReadonlyMap<string, ProblemCode | 'REFUSED'> = new Map([
  ['KE-010003207', 'VENDOR_CREDENTIALS'],
  ['KE-010003208', 'VENDOR_CREDENTIALS'],
  [accountLockedCode, 'VENDOR_CREDENTIALS'],
  ['KE-010024001', 'ACCESS_DENIED'],
  [noJobNodeCode, 'SYSTEM_UNAVAILABLE'],
  [queryNodeCode, 'SYSTEM_UNAVAILABLE'],
  [jobUnknownCode, 'REFUSED'],
  // The job's status does not allow the action: found before any job is changed, and while it is this job's turn.
  ['KE-010032217', 'REFUSED'],
  ['KE-010032211', 'REFUSED'],
  ['KE-010032215', 'REFUSED'],
  // The project is unknown or empty.
  ['KE-010001201', 'REFUSED'],
  ['KE-010001002', 'REFUSED'],
  // The request is not as Kylin wants it.
  ['KE-010000003', 'REFUSED'],
  ['KE-010032212', 'REFUSED'],
  ['KE-010032213', 'REFUSED'],
  ['KE-010032222', 'REFUSED'],
  ['KE-010043201', 'REFUSED'],
  ['KE-010043207', 'REFUSED'],
  ['KE-000030001', 'REFUSED'],
]);

/** What an envelope means that is no success, whatever its HTTP status: that is 500 for nearly all of them. */
export function describeError(systemId: string, status: number, envelope: Envelope, purpose: Purpose): VendorError {
  const remote = codeOf(envelope) === forwardFailedCode ? remoteEnvelope(envelope) : null;
  const error = remote ?? envelope;
  const vendorCode = codeOf(error);
  const meaning = meaningOf(vendorCode, status);
  // Another node's trouble does not tell what the other nodes did; its refusal ends the request like one's own.
  const certain = meaning === undefined ? status < 500 : remote === null || meaning === 'REFUSED' || meaning === 'ACCESS_DENIED';
  return { problem: toProblem(systemId, error, vendorCode, status, purpose), vendorCode, certain };
}

function toProblem(systemId: string, error: Envelope, vendorCode: string | null, status: number, purpose: Purpose): Problem {
  const words = quote(error.msg ?? '');
  const meaning = meaningOf(vendorCode, status);
  switch (meaning) {
    case 'VENDOR_CREDENTIALS':
      return createProblem(
        meaning,
        vendorCode === accountLockedCode
          ? `${systemId} has locked the configured account after wrong passwords: ${words}. Check username and password.`
          : `${systemId} refused the configured credentials: ${words}. Check username and password.`,
      );
    case 'ACCESS_DENIED':
      return createProblem(meaning, `${systemId} denied access; its user needs the Operation permission on the job's project: ${words}.`);
    case 'SYSTEM_UNAVAILABLE':
      if (vendorCode === queryNodeCode) {
        const message = `${systemId} is reached at a query-only node, which changes no jobs: ${words}. Set url to a job node.`;
        return { ...createProblem(meaning, message), retryable: false };
      }
      return createProblem(meaning, `${systemId} has no living node that could do it: ${words}.`);
  }
  if (purpose === 'read' && vendorCode === jobUnknownCode) return createProblem('JOB_NOT_FOUND', `${systemId} has no such job.`);
  // KE-01… are the user's mistakes in Kylin's book; the others, and no code at all, are its own failures.
  if (meaning === 'REFUSED' || vendorCode?.startsWith('KE-01') || status < 500) {
    return createProblem(purpose === 'action' ? 'VENDOR_REJECTED' : 'BAD_VENDOR_ANSWER', `${systemId} refused the request: ${words}.`);
  }
  return createProblem('SYSTEM_UNAVAILABLE', `${systemId} failed inside (HTTP ${status}): ${words}.`);
}

function meaningOf(vendorCode: string | null, status: number): ProblemCode | 'REFUSED' | undefined {
  return status === 401 ? 'VENDOR_CREDENTIALS' : meanings.get(vendorCode ?? '');
}

/** What an answer means that is no envelope of Kylin's. */
export function describeHttpError(systemId: string, answer: WireAnswer): Problem {
  if (answer.status !== 404) return describeStatus(systemId, answer);
  const message = `${systemId} has no Kylin at its url (HTTP 404): it must lead to the API, as in https://host:7070/kylin/api.`;
  return createProblem('BAD_VENDOR_ANSWER', message);
}

/** 401, or a locked account: wrong tries went before, and each further one makes it last longer. */
export function refusesCredentials({ status, text }: WireAnswer): boolean {
  return status === 401 || (status === 400 && text.includes(accountLockedCode));
}

/** Whether an answer to a read may be better next time: not where Kylin refuses in words of its own, which is HTTP 500 too. */
export function isPassing({ status, text }: WireAnswer): boolean {
  return (status >= 502 && status <= 504) || (status === 500 && !/KE-0[14]\d{7}/.test(text));
}

/** `error_code` or, as older servers write it, the start of `msg`. */
function codeOf({ error_code, msg }: Envelope): string | null {
  return error_code || (/^KE-\d{9}/.exec(msg ?? '')?.[0] ?? null);
}

/** A node that forwards a request puts the other node's whole answer behind the first line of its own message. */
function remoteEnvelope({ msg }: Envelope): Envelope | null {
  const cut = msg?.indexOf('\n') ?? -1;
  return cut < 0 ? null : (envelopeSchema.safeParse(parseJson(msg?.slice(cut + 1) ?? '')).data ?? null);
}

/** The vendor's words inside a message of ours. */
function quote(message: string): string {
  const line = firstLine(message);
  return line === '' ? 'no reason given' : `"${line}"`;
}

const longestLine = 300;

/** At most 300 characters of the first line: stack traces and other nodes' answers follow on the next ones. */
export function firstLine(message: string): string {
  const line = (message.split('\n', 1)[0] ?? '').trim();
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
}
