import type { Fault } from '../../src/sandbox-kit/faults.ts';
import { type SystemName, systemNames } from '../start.ts';
import type { Action, ActionFacts } from '../vendors/contract.ts';
import { subjects } from '../vendors/subjects.ts';

/** An action of a vendor, according to its manual. */
export interface Row extends ActionFacts {
  system: SystemName;
  action: Action;
}

const actions = ['cancel', 'pause', 'resume', 'restart', 'start'] as const satisfies Action[];

export const rows: readonly Row[] = systemNames.flatMap((system) =>
  actions.flatMap((action) => {
    const facts = subjects[system].actions[action];
    return facts ? [{ system, action, ...facts }] : [];
  }),
);

/** `reset`: in the middle of the TLS handshake, before a byte of the request. */
export type Unreachable = 'no listener' | 'unknown host' | 'no TLS' | 'self-signed' | 'reset';

/** What goes wrong, and what it proves. */
export interface FaultCase {
  name: string;
  /** The code of its SystemUnavailable. */
  code?: 'SYSTEM_UNAVAILABLE' | 'RATE_LIMITED' | 'INVALID_VENDOR_RESPONSE';
  retryAfterSeconds?: number;
  /** What the vendor's manual proves about an action with this fault. */
  proves:
    | 'never sent'
    /** The vendor turned the request away before it did anything. */
    | 'not carried out'
    /** It was performed, and the response proves it. */
    | 'carried out'
    /** It may have been performed, and it was. */
    | 'in doubt, done'
    /** It may have been performed, and it wasn't. */
    | 'in doubt, not done'
    /** As in doubt, without time for a read. */
    | 'in doubt, too late to read'
    /** Rejected in a way that the vendor's manual allows to retry; then it succeeds. */
    | 'safe to repeat'
    /** The same, but every time. */
    | 'refused again and again'
    /** The whole request was rejected because of another job. */
    | 'refused together';
  /** How the test causes the fault. */
  by:
    | { way: 'url'; url: Unreachable }
    | { way: 'breaker' }
    | { way: 'answer'; fault: Fault; timeoutMs?: number }
    | { way: 'deadline' }
    | { way: 'session' }
    | { way: 'conflict'; times: number }
    | { way: 'vanishing' };
  /** The rows it can befall. Default: all. */
  befalls?: (row: Row) => boolean;
}

const wrongTypes = JSON.stringify({ responseStatus: 7, data: 'none', code: 0, status: [], data_str: 4, jobId: 12, error: 'no' });
const json = { 'content-type': 'application/json' };
const lost = (fault: Fault, timeoutMs?: number) => ({ way: 'answer', fault, ...(timeoutMs !== undefined && { timeoutMs }) }) as const;

export const faultCases: readonly FaultCase[] = [
  { name: 'connection refused', proves: 'never sent', code: 'SYSTEM_UNAVAILABLE', by: { way: 'url', url: 'no listener' } },
  { name: 'host name unknown', proves: 'never sent', code: 'SYSTEM_UNAVAILABLE', by: { way: 'url', url: 'unknown host' } },
  { name: 'TLS failed: server without TLS', proves: 'never sent', code: 'SYSTEM_UNAVAILABLE', by: { way: 'url', url: 'no TLS' } },
  { name: 'TLS failed: certificate not trusted', proves: 'never sent', code: 'SYSTEM_UNAVAILABLE', by: { way: 'url', url: 'self-signed' } },
  { name: 'connection reset before it was sent', proves: 'never sent', code: 'SYSTEM_UNAVAILABLE', by: { way: 'url', url: 'reset' } },
  { name: 'circuit breaker open', proves: 'never sent', code: 'SYSTEM_UNAVAILABLE', by: { way: 'breaker' } },
  {
    name: '429 without Retry-After',
    proves: 'not carried out',
    code: 'RATE_LIMITED',
    by: lost({ kind: 'answer', status: 429, applied: false }),
  },
  {
    name: '429 with Retry-After',
    proves: 'not carried out',
    code: 'RATE_LIMITED',
    retryAfterSeconds: 60,
    by: lost({ kind: 'answer', status: 429, headers: { 'retry-after': '60' }, applied: false }),
  },
  {
    name: 'redirected, for example to a sign-in page (302)',
    proves: 'not carried out',
    code: 'INVALID_VENDOR_RESPONSE',
    by: lost({ kind: 'answer', status: 302, headers: { location: 'https://sign-in.example/' }, applied: false }),
  },
  {
    name: 'redirected to the result (303), performed',
    proves: 'in doubt, done',
    by: lost({ kind: 'answer', status: 303, headers: { location: '/results/1' }, applied: true }),
  },
  {
    name: 'compressed response with a byte order mark, after 100 Continue',
    proves: 'carried out',
    by: lost({ kind: 'front-end', informational: [100, 103, 100], byteOrderMark: true, codings: ['gzip'], wantsUserAgent: true }),
  },
  { name: 'connection reset, not performed', proves: 'in doubt, not done', by: lost({ kind: 'reset', applied: false }) },
  { name: 'connection reset, performed', proves: 'in doubt, done', by: lost({ kind: 'reset', applied: true }) },
  { name: 'no response in time, not performed', proves: 'in doubt, not done', by: lost({ kind: 'hang', applied: false }, 300) },
  { name: 'no response in time, performed', proves: 'in doubt, done', by: lost({ kind: 'hang', applied: true }, 300) },
  { name: '502 in HTML, not performed', proves: 'in doubt, not done', by: lost({ kind: 'answer', status: 502, applied: false }) },
  { name: '502 in HTML, performed', proves: 'in doubt, done', by: lost({ kind: 'answer', status: 502, applied: true }) },
  { name: '500 in HTML, not performed', proves: 'in doubt, not done', by: lost({ kind: 'answer', status: 500, applied: false }) },
  { name: '500 in HTML, performed', proves: 'in doubt, done', by: lost({ kind: 'answer', status: 500, applied: true }) },
  { name: 'response cut off', proves: 'in doubt, done', by: lost({ kind: 'truncate' }) },
  { name: 'empty response', proves: 'in doubt, done', by: lost({ kind: 'answer', status: 200, headers: json, body: '', applied: true }) },
  { name: 'response of 50 MB', proves: 'in doubt, done', by: lost({ kind: 'flood', bytes: 50_000_000 }) },
  {
    name: 'response of wrong types, not performed',
    proves: 'in doubt, not done',
    by: lost({ kind: 'answer', status: 200, headers: json, body: wrongTypes, applied: false }),
  },
  {
    name: 'response of wrong types, performed',
    proves: 'in doubt, done',
    by: lost({ kind: 'answer', status: 200, headers: json, body: wrongTypes, applied: true }),
  },
  { name: 'deadline passed between two requests', proves: 'in doubt, too late to read', by: { way: 'deadline' } },
  {
    name: 'session ended between two requests',
    proves: 'safe to repeat',
    by: { way: 'session' },
    befalls: ({ system }) => subjects[system].sessions !== undefined,
  },
  {
    name: '409 marked retryable, twice',
    proves: 'safe to repeat',
    by: { way: 'conflict', times: 2 },
    befalls: ({ system }) => subjects[system].jobs.rejectRetryably !== undefined,
  },
  {
    name: '409 marked retryable, again and again',
    proves: 'refused again and again',
    by: { way: 'conflict', times: 100 },
    befalls: ({ system }) => subjects[system].jobs.rejectRetryably !== undefined,
  },
  {
    name: 'another job of the request is gone',
    proves: 'refused together',
    by: { way: 'vanishing' },
    befalls: ({ allOrNothing }) => allOrNothing,
  },
];

/** The jobs of every operation, in its order; the first three well-formed ones share the first request if there is one. */
export const roles = ['first', 'unknown', 'malformed', 'ended', 'vanishing', 'later'] as const;
/** `first` and `later` can be acted on. `vanishing` is there only for the fault of that way. */
export type Role = (typeof roles)[number];

/** What is true of one job. */
export interface Truth {
  result:
    | 'Success'
    | 'JobNotFound'
    | 'ActionNotAllowed'
    | 'SystemUnavailable'
    | 'VendorRejected'
    | { OutcomeUnknown: { safeToRetry: boolean } }
    | 'NotAttempted';
  /** How often the action on it reaches the vendor. */
  sends: number;
}

type Facts = Pick<ActionFacts, 'jobsPerRequest' | 'readsFirst' | 'readsAlone' | 'safeToRetry'>;

/** The expected results, from the design and the vendors' manuals, independent of the code. */
export function truthOf(facts: Facts, { proves, by }: FaultCase, role: Role): Truth {
  const { readsAlone = false, safeToRetry, jobsPerRequest } = facts;
  const readsFirst = facts.readsFirst && !readsAlone;
  const inDoubt = (sends: number): Truth => ({ result: { OutcomeUnknown: { safeToRetry } }, sends });
  if (role === 'malformed') return { result: 'JobNotFound', sends: 0 };
  // One request goes out at a time. The first that certainly fails ends the sending.
  const isFirstRequest = jobsPerRequest > 1 || role === 'first';
  const stopped: Truth = isFirstRequest ? { result: 'SystemUnavailable', sends: 0 } : { result: 'NotAttempted', sends: 0 };
  if (proves === 'never sent') return readsFirst ? { result: 'SystemUnavailable', sends: 0 } : stopped;

  // The fault meets the action alone: reading works.
  if (readsFirst && role === 'unknown') return { result: 'JobNotFound', sends: 0 };
  if (readsFirst && role === 'ended') return { result: 'ActionNotAllowed', sends: 0 };
  const isLater = role === 'later';
  switch (proves) {
    case 'not carried out':
      return { ...stopped, sends: isFirstRequest ? 1 : 0 };
    case 'in doubt, too late to read':
      return isLater || !isFirstRequest ? { result: 'NotAttempted', sends: 0 } : inDoubt(1);
  }
  // Whatever happened to the request, these show it by themselves.
  const sends = readsAlone ? 0 : 1;
  const isDoubtful = proves === 'in doubt, done' || proves === 'in doubt, not done';
  // Only the response to the action, or a read before it, shows that there never was such a job.
  if (role === 'unknown') return isDoubtful && !readsAlone ? inDoubt(1) : { result: 'JobNotFound', sends };
  if (role === 'ended') return { result: 'ActionNotAllowed', sends };
  switch (proves) {
    case 'carried out':
    case 'in doubt, done':
      return { result: 'Success', sends: 1 };
    case 'in doubt, not done':
      return inDoubt(1);
    case 'safe to repeat':
      // The session ends before the second request, the conflict is about the first job.
      if (by.way === 'conflict') return { result: 'Success', sends: role === 'first' ? 1 + by.times : 1 };
      return { result: 'Success', sends: isLater ? 2 : 1 };
    case 'refused again and again':
      // At most two repeats.
      return role === 'first' ? { result: 'VendorRejected', sends: 3 } : { result: 'Success', sends: 1 };
    case 'refused together':
      return role === 'vanishing' ? { result: 'JobNotFound', sends: 1 } : { result: 'Success', sends: 2 };
  }
}

export function befalls({ befalls: limit }: FaultCase, row: Row): boolean {
  return limit?.(row) ?? true;
}

/** Of these facts alone the results depend, whatever the vendor. */
const columns = {
  'Several jobs per request': { jobsPerRequest: 2, readsFirst: true, safeToRetry: true },
  'One job per request, read first': { jobsPerRequest: 1, readsFirst: true, safeToRetry: true },
  'One job per request': { jobsPerRequest: 1, readsFirst: false, safeToRetry: true },
};

/** The table of docs/faults.md: what a user gets for a job on which the action was possible. */
export function renderTable(): string {
  const lines = faultCases.map((fault) => [
    fault.name,
    ...Object.values(columns).map((facts) =>
      fault.by.way === 'vanishing' && facts.jobsPerRequest === 1
        ? '–'
        : describe(truthOf(facts, fault, 'first'), truthOf(facts, fault, 'later')),
    ),
  ]);
  const titles = ['', ...Object.keys(columns)];
  const widths = titles.map((title, column) => Math.max(3, title.length, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const toLine = (cells: string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [toLine(titles), toLine(widths.map((width) => '-'.repeat(width))), ...lines.map(toLine)].join('\n');
}

function describe(first: Truth, later: Truth): string {
  const [one, other] = [first, later].map(({ result }) => (typeof result === 'string' ? result : 'OutcomeUnknown'));
  return one === other ? `${one}` : `${one}, then ${other}`;
}
