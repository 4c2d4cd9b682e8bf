import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import { parseJson } from '../../../json/parse.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeStatus } from '../../../transport/failures.ts';
import { quote } from '../../../transport/reply.ts';
import { type Envelope, envelopeSchema } from './wire.ts';

/** An error that Kylin itself answered. */
export interface VendorError {
  problem: Problem;
  /** `KE-010032219`; null if Kylin gave none. */
  vendorCode: string | null;
  /** Whether Kylin understood the request and rejected it; false: it could not take it, failed, or does not accept the account. */
  isRefusal: boolean;
  /** Whether the request certainly changed no job. Of several jobs that a refused request names, some may have been changed all the same. */
  certain: boolean;
}

/** What a request was about, as far as its errors are to be explained by it. */
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

const accountLockedCode = 'KE-010003005';
const forwardFailedCode = 'KE-000027004';
/** Job errors: Kylin answers them before it changes the job, or when it is the job's turn. */
const jobErrors = 'KE-01003';

/** What a code means: certainly none of the jobs was changed, except as `stopsFirst` says. */
interface Meaning {
  /** REFUSED: a rejected action, or a read that Jobyard should not have sent. */
  code: 'VENDOR_AUTHENTICATION_FAILED' | 'ACCESS_DENIED' | 'SYSTEM_UNAVAILABLE' | 'JOB_NOT_FOUND' | 'REFUSED';
  /** The message around Kylin's own words. Default: the system refused the request. */
  explain?(systemId: string, words: string, asked: Asked): string;
  /** True: it stays so until an operator changes something. */
  isLasting?: true;
  /** True: DISCARD and RESTART stop the job's Spark application before Kylin comes to this error. */
  stopsFirst?: true;
}

const refused: Meaning = { code: 'REFUSED' };
const credentials: Meaning = {
  code: 'VENDOR_AUTHENTICATION_FAILED',
  explain: (id, words) => `${id} rejected the configured credentials: ${words}. Check username and password.`,
};

/**
 * The one table of Kylin's codes (its ErrorCodeServer, ErrorCodeSystem and ServerErrorCode) and what they mean here.
 * A code that is missing here says nothing about what was changed, unless it is one of the job errors.
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
      explain: (id, words) => `${id} has locked the configured account after wrong passwords: ${words}. Check username and password.`,
    },
  ],
  [accessDeniedCode, { code: 'ACCESS_DENIED', explain: explainDenial }],
  [
    'KE-010021004',
    { code: 'SYSTEM_UNAVAILABLE', explain: (id, words) => `${id} has no job node alive to perform the request: ${words}. Retry later.` },
  ],
  [
    'KE-040023203',
    {
      code: 'SYSTEM_UNAVAILABLE',
      isLasting: true,
      explain: (id, words) => `${id} is reached at a query-only node, which changes no jobs: ${words}. Set url to a job node.`,
    },
  ],
  [
    'KE-040023201',
    {
      code: 'SYSTEM_UNAVAILABLE',
      explain: (id, words) => `${id} can't perform the request at this node now: ${words}. Retry later, or set url to another node.`,
    },
  ],
  [
    'KE-040021201',
    { code: 'SYSTEM_UNAVAILABLE', explain: (id, words) => `${id} is recovering and changes no jobs meanwhile: ${words}. Retry later.` },
  ],
  [
    'KE-040024201',
    {
      code: 'SYSTEM_UNAVAILABLE',
      explain: (id, words) => `${id} is in maintenance mode and changes no jobs meanwhile: ${words}. Retry when the maintenance has ended.`,
    },
  ],
  [jobUnknownCode, { code: 'JOB_NOT_FOUND' }],
  // The job's status does not allow the action: found before any job is changed, and while it is this job's turn.
  ['KE-010032217', refused],
  ['KE-010032211', refused],
  // An illegal transition, or a concurrent change.
  ['KE-010032215', { code: 'REFUSED', stopsFirst: true }],
  // Restart guards.
  ['KE-010032220', refused],
  ['KE-010032221', refused],
  [
    projectUnknownCode,
    {
      code: 'REFUSED',
      explain: (id, words, { project }) => `${id} has no project ${project === null ? 'of this name' : `"${project}"`}: ${words}.`,
    },
  ],
  ['KE-010001002', refused],
  // The request is not as Kylin wants it.
  ['KE-010000003', refused],
  ['KE-010032212', refused],
  ['KE-010032213', refused],
  ['KE-010032222', refused],
  ['KE-010043201', refused],
  ['KE-010043207', refused],
  ['KE-000030001', refused],
]);

function explainDenial(systemId: string, words: string, { project, update }: Asked): string {
  if (project !== null)
    return `${systemId} denied access to project "${project}": its user needs the Operation permission there: ${words}.`;
  if (update) return `${systemId} denied access: its user needs the Operation permission on the project of each job: ${words}.`;
  return `${systemId} shows jobs of all projects only to global administrators: ${words}. List the projects in "projects", and grant its user the Operation permission there.`;
}

/** What an envelope means that is no success, whatever its HTTP status: that is 500 for nearly all of them. */
export function describeError(systemId: string, status: number, envelope: Envelope, asked: Asked): VendorError {
  const remote = codeOf(envelope) === forwardFailedCode ? remoteEnvelope(envelope) : null;
  const error = remote ?? envelope;
  const vendorCode = codeOf(error);
  const meaning = status === 401 ? (meanings.get(vendorCode ?? '') ?? credentials) : meaningOf(vendorCode);
  const problem = toProblem(systemId, error, meaning, status, asked);
  const isUnderstood = meaning !== undefined || status < 500;
  const isRefusal = isUnderstood && problem.code !== 'VENDOR_AUTHENTICATION_FAILED' && problem.code !== 'SYSTEM_UNAVAILABLE';
  return { problem, vendorCode, isRefusal, certain: isCertain(meaning, status, remote !== null && !isRefusal, asked) };
}

function meaningOf(vendorCode: string | null): Meaning | undefined {
  return meanings.get(vendorCode ?? '') ?? (vendorCode?.startsWith(jobErrors) ? refused : undefined);
}

/** `isElsewhere`: another node could not take its share of the request; the nodes before it may have taken theirs. */
function isCertain(meaning: Meaning | undefined, status: number, isElsewhere: boolean, { update }: Asked): boolean {
  if (!meaning) return status < 500;
  if (meaning.stopsFirst && (update?.action === 'DISCARD' || update?.action === 'RESTART')) return false;
  return !isElsewhere || update?.jobCount === 1;
}

function toProblem(systemId: string, error: Envelope, meaning: Meaning | undefined, status: number, asked: Asked): Problem {
  const words = quote(firstLine(error.msg ?? ''));
  const message = meaning?.explain?.(systemId, words, asked) ?? `${systemId} refused the request: ${words}.`;
  const code = meaning?.code ?? 'REFUSED';
  // KE-01… are the user's mistakes in Kylin's book; the others, and no code at all, are its own failures.
  if (!meaning && status >= 500 && !codeOf(error)?.startsWith('KE-01')) {
    return createProblem('SYSTEM_UNAVAILABLE', `${systemId} failed inside (HTTP ${status}): ${words}.`);
  }
  if (code === 'JOB_NOT_FOUND' && !asked.update) return createProblem(code, `${systemId} has no such job.`);
  if (code === 'REFUSED' || code === 'JOB_NOT_FOUND')
    return createProblem(asked.update ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE', message);
  const problem = createProblem(code, message);
  return meaning?.isLasting ? { ...problem, retryable: false } : problem;
}

/** What an answer means that is no envelope of Kylin's. */
export function describeHttpError(systemId: string, answer: WireResponse): Problem {
  if (answer.status !== 404) return describeStatus(systemId, answer);
  const message = `${systemId} has no Kylin at its url (HTTP 404): it must lead to the API, as in https://host:7070/kylin/api.`;
  return createProblem('INVALID_VENDOR_RESPONSE', message);
}

/** 401, or a locked account: wrong tries went before, and each further one makes it last longer. */
export function refusesCredentials(answer: WireResponse): boolean {
  const { status } = answer;
  return status === 401 || (status === 400 && codeIn(answer) === accountLockedCode);
}

/** Whether an answer to a read may be better next time: not if Kylin refuses with a code of its own, which is HTTP 500 too. */
export function isTransientError(answer: WireResponse): boolean {
  const { status } = answer;
  return (status >= 502 && status <= 504) || (status === 500 && !/^KE-0[14]/.test(codeIn(answer) ?? ''));
}

/** The code of an answer's envelope; codes that are quoted elsewhere in it, as in a stack trace, mean nothing. */
function codeIn(answer: WireResponse): string | null {
  const envelope = envelopeSchema.safeParse(readJson(answer)).data;
  return envelope ? codeOf(envelope) : null;
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

/** At most 300 characters of the first line: stack traces and other nodes' answers follow on the next ones. */
export function firstLine(message: string): string {
  return toLine(message.split('\n', 1)[0] ?? '');
}
