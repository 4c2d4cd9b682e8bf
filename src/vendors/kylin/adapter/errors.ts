import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import { parseJson } from '../../../json/parse.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeStatus } from '../../../transport/failures.ts';
import { quote } from '../../../transport/reply.ts';
import { type Envelope, envelopeSchema } from './wire.ts';

/** An error that Kylin itself returned. */
export interface VendorError {
  problem: Problem;
  /** `KE-010032219`; null if Kylin gave none. */
  vendorCode: string | null;
  /** True: Kylin understood the request and rejected it. False: it was unable to process it, or rejected the account. */
  isRejection: boolean;
  /** Whether the request certainly changed no job. A rejected request that names several jobs may have changed some of them. */
  certain: boolean;
}

/** The parts of a request that explain its errors. */
export interface Asked {
  /** Null: all projects. */
  project: string | null;
  /** Null: a read. */
  update: { action: UpdateAction; jobCount: number } | null;
}

/** Kylin's words for the actions. */
export type UpdateAction = 'DISCARD' | 'PAUSE' | 'RESUME' | 'RESTART';

export const jobUnknownCode = 'KE-010032219';
export const accessDeniedCode = 'KE-010024001';
export const projectUnknownCode = 'KE-010001201';

/** Not one of Kylin's codes: a step that has not run has no output, which Kylin shows as an error without a code of its own. */
export const noOutputCode = 'NO_OUTPUT';
const noOutput = /\bthere is no related output for job\b/;

const accountLockedCode = 'KE-010003005';
const forwardFailedCode = 'KE-000027004';
/** Job errors: Kylin returns them before it changes any job, or when it comes to the job. */
const jobErrors = 'KE-01003';

/** What a code means. Kylin certainly changed none of the jobs, unless `stopsFirst` is true. */
interface Meaning {
  /** REJECTED: a rejected action, or a read that Jobyard should not have sent. */
  code: 'VENDOR_AUTHENTICATION_FAILED' | 'ACCESS_DENIED' | 'SYSTEM_UNAVAILABLE' | 'JOB_NOT_FOUND' | 'REJECTED';
  /** The message around Kylin's own message. Default: the system rejected the request. */
  explain?(systemId: string, words: string, asked: Asked): string;
  /** True: the error remains until an operator changes something. */
  isLasting?: true;
  /** True: DISCARD and RESTART stop the job's Spark application before Kylin returns this error. */
  stopsFirst?: true;
}

const rejected: Meaning = { code: 'REJECTED' };
const credentials: Meaning = {
  code: 'VENDOR_AUTHENTICATION_FAILED',
  explain: (id, words) => `${id} rejected the configured credentials: ${words}. Check username and password.`,
};

/**
 * Kylin's codes (its ErrorCodeServer, ErrorCodeSystem and ServerErrorCode) and what they mean.
 * After a code that is missing here, Kylin may have changed something, unless the code is one of the job errors.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['KE-010003207', credentials],
  ['KE-010003208', credentials],
  // No authentication information in the session.
  ['KE-010003209', credentials],
  [
    accountLockedCode,
    {
      code: 'VENDOR_AUTHENTICATION_FAILED',
      explain: (id, words) => `${id} locked the configured account after wrong passwords: ${words}. Check username and password.`,
    },
  ],
  [accessDeniedCode, { code: 'ACCESS_DENIED', explain: explainDenial }],
  ['KE-010021004', { code: 'SYSTEM_UNAVAILABLE', explain: (id, words) => `${id} has no active job node: ${words}. Retry later.` }],
  [
    'KE-040023203',
    {
      code: 'SYSTEM_UNAVAILABLE',
      isLasting: true,
      explain: (id, words) => `${id} is a query-only node, which can't change jobs: ${words}. Set url to a job node.`,
    },
  ],
  [
    'KE-040023201',
    {
      code: 'SYSTEM_UNAVAILABLE',
      explain: (id, words) => `${id} can't process the request at this node now: ${words}. Retry later, or set url to another node.`,
    },
  ],
  [
    'KE-040021201',
    { code: 'SYSTEM_UNAVAILABLE', explain: (id, words) => `${id} is recovering and can't change jobs: ${words}. Retry later.` },
  ],
  [
    'KE-040024201',
    {
      code: 'SYSTEM_UNAVAILABLE',
      explain: (id, words) => `${id} is in maintenance mode and can't change jobs: ${words}. Retry after the maintenance.`,
    },
  ],
  [jobUnknownCode, { code: 'JOB_NOT_FOUND' }],
  [noOutputCode, rejected],
  // The job's status does not allow the action: returned before Kylin changes any job, or when it comes to this job.
  ['KE-010032217', rejected],
  ['KE-010032211', rejected],
  // An illegal transition, or a concurrent change.
  ['KE-010032215', { code: 'REJECTED', stopsFirst: true }],
  // Restart guards.
  ['KE-010032220', rejected],
  ['KE-010032221', rejected],
  [
    projectUnknownCode,
    {
      code: 'REJECTED',
      explain: (id, words, { project }) => `${id} has no project ${project === null ? 'of this name' : `"${project}"`}: ${words}.`,
    },
  ],
  ['KE-010001002', rejected],
  // The request is invalid.
  ['KE-010000003', rejected],
  ['KE-010032212', rejected],
  ['KE-010032213', rejected],
  ['KE-010032222', rejected],
  ['KE-010043201', rejected],
  ['KE-010043207', rejected],
  ['KE-000030001', rejected],
]);

function explainDenial(systemId: string, words: string, { project, update }: Asked): string {
  if (project !== null)
    return `${systemId} denied access to project "${project}": ${words}. The user needs the Operation permission in this project.`;
  if (update) return `${systemId} denied access: ${words}. The user needs the Operation permission in the project of each job.`;
  return `${systemId} shows jobs of all projects only to global administrators: ${words}. List the projects in "projects", and grant its user the Operation permission there.`;
}

/** What an envelope without success means. The HTTP status is 500 for nearly all of them. */
export function describeError(systemId: string, status: number, envelope: Envelope, asked: Asked): VendorError {
  const remote = codeOf(envelope) === forwardFailedCode ? remoteEnvelope(envelope) : null;
  const error = remote ?? envelope;
  const vendorCode = codeOf(error);
  const meaning = status === 401 ? (meanings.get(vendorCode ?? '') ?? credentials) : meaningOf(vendorCode);
  const problem = toProblem(systemId, error, meaning, status, asked);
  const isUnderstood = meaning !== undefined || status < 500;
  const isRejection = isUnderstood && problem.code !== 'VENDOR_AUTHENTICATION_FAILED' && problem.code !== 'SYSTEM_UNAVAILABLE';
  return { problem, vendorCode, isRejection, certain: isCertain(meaning, status, remote !== null && !isRejection, asked) };
}

function meaningOf(vendorCode: string | null): Meaning | undefined {
  return meanings.get(vendorCode ?? '') ?? (vendorCode?.startsWith(jobErrors) ? rejected : undefined);
}

/** `isElsewhere`: another node was unable to process its part of the request; the nodes before it may have processed theirs. */
function isCertain(meaning: Meaning | undefined, status: number, isElsewhere: boolean, { update }: Asked): boolean {
  if (!meaning) return status < 500;
  if (meaning.stopsFirst && (update?.action === 'DISCARD' || update?.action === 'RESTART')) return false;
  return !isElsewhere || update?.jobCount === 1;
}

function toProblem(systemId: string, error: Envelope, meaning: Meaning | undefined, status: number, asked: Asked): Problem {
  const words = quote(firstLine(error.msg ?? ''));
  const message = meaning?.explain?.(systemId, words, asked) ?? `${systemId} rejected the request: ${words}.`;
  const code = meaning?.code ?? 'REJECTED';
  // Kylin's codes KE-01… are user errors; other codes, and no code, are failures of Kylin itself.
  if (!meaning && status >= 500 && !codeOf(error)?.startsWith('KE-01')) {
    return createProblem('SYSTEM_UNAVAILABLE', `${systemId} had an internal error (HTTP ${status}): ${words}.`);
  }
  if (code === 'JOB_NOT_FOUND' && !asked.update) return createProblem(code, `${systemId} has no such job.`);
  if (code === 'REJECTED' || code === 'JOB_NOT_FOUND')
    return createProblem(asked.update ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE', message);
  const problem = createProblem(code, message);
  return meaning?.isLasting ? { ...problem, retryable: false } : problem;
}

/** What a response without Kylin's envelope means. */
export function describeHttpError(systemId: string, answer: WireResponse): Problem {
  if (answer.status !== 404) return describeStatus(systemId, answer);
  const message = `${systemId} has no Kylin API at url (HTTP 404). Set url to the API, for example https://host:7070/kylin/api.`;
  return createProblem('INVALID_VENDOR_RESPONSE', message);
}

/** 401, or an account that is locked after wrong passwords: each further attempt extends the lock. */
export function rejectsCredentials(answer: WireResponse): boolean {
  const { status } = answer;
  return status === 401 || (status === 400 && codeIn(answer) === accountLockedCode);
}

/** Whether a retry of the read may succeed. It can't if Kylin returned a code, although that is HTTP 500 too. */
export function isTransientError(answer: WireResponse): boolean {
  return answer.status === 500 && !/^KE-0[14]|^NO_OUTPUT$/.test(codeIn(answer) ?? '');
}

/** The code of a response's envelope. Codes elsewhere in it, for example in a stack trace, mean nothing. */
function codeIn(answer: WireResponse): string | null {
  const envelope = envelopeSchema.safeParse(readJson(answer)).data;
  return envelope ? codeOf(envelope) : null;
}

/** `error_code` or, from older servers, the start of `msg`. */
function codeOf({ error_code, msg }: Envelope): string | null {
  if (noOutput.test(firstLine(msg ?? ''))) return noOutputCode;
  return error_code || (/^KE-\d{9}/.exec(msg ?? '')?.[0] ?? null);
}

/** A node that forwards a request puts the other node's whole response after the first line of its own message. */
function remoteEnvelope({ msg }: Envelope): Envelope | null {
  const cut = msg?.indexOf('\n') ?? -1;
  return cut < 0 ? null : (envelopeSchema.safeParse(parseJson(msg?.slice(cut + 1) ?? '')).data ?? null);
}

/** At most 300 characters of the first line: stack traces and other nodes' responses are on the next lines. */
export function firstLine(message: string): string {
  return toLine(message.split('\n', 1)[0] ?? '');
}
