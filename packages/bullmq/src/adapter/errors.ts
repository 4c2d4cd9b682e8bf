import { createProblem, type Problem, quote } from 'jobyard/adapter';

/** The first word of an error reply of Redis, such as `NOPERM`; `ERR` if it has none. */
export function codeOf({ message }: Error): string {
  return /^[A-Z]+\b/.exec(message)?.[0] ?? 'ERR';
}

/** The reply that names the reason: of a discarded transaction, that to the command which discarded it. */
function reasonOf(error: Error): Error {
  const earlier: unknown = 'previousErrors' in error && Array.isArray(error.previousErrors) ? error.previousErrors[0] : null;
  return earlier instanceof Error ? earlier : error;
}

/** Whether Redis replied with this error. Any other is ioredis's own, for a command without a reply. */
export function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** ioredis had no connection, and wrote nothing. */
export function isUnsent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}

const credentialCodes: ReadonlySet<string> = new Set(['WRONGPASS', 'NOAUTH']);

export function rejectsCredentials(error: Error): boolean {
  return credentialCodes.has(codeOf(error)) || error.message.includes('invalid username-password pair');
}

/** Redis sends these in the place of performing a command. */
const rejectedFirst: ReadonlySet<string> = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'CROSSSLOT',
  'EXECABORT',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'MOVED',
  'NOAUTH',
  'NOPERM',
  'NOREPLICAS',
  'NOSCRIPT',
  'OOM',
  'READONLY',
  'WRONGPASS',
]);

/** Within a script, Redis sends these only for its first write. Of another error, what the script wrote before stays. */
const rejectedAtFirstWrite: ReadonlySet<string> = new Set(['MISCONF', 'NOREPLICAS', 'OOM', 'READONLY']);

/** Whether the error of a command proves that it changed nothing. */
export function provesNoEffect(error: Error): boolean {
  const isFromScript = /\bscript:/.test(error.message);
  return (isFromScript ? rejectedAtFirstWrite : rejectedFirst).has(codeOf(error));
}

/** Whether the system as a whole can't respond now: counts for the circuit breaker, and reads are retried. */
export function isOutage(error: Error): boolean {
  return ['LOADING', 'BUSY', 'CLUSTERDOWN', 'MASTERDOWN'].includes(codeOf(error));
}

const advice: Readonly<Record<string, string>> = {
  CROSSSLOT: 'In a cluster, all keys of a queue need one hash tag: see prefix',
  MOVED: 'Redis Cluster with several nodes is not supported',
  OOM: 'Redis has no memory left (maxmemory)',
  READONLY: 'The server is a replica: set url to the primary',
};

/** The meaning of an error reply, for an operator. */
export function describeError(systemId: string, reply: Error): Problem {
  const error = reasonOf(reply);
  const code = codeOf(error);
  if (rejectsCredentials(error)) {
    return createProblem('VENDOR_AUTHENTICATION_FAILED', `${systemId} rejected the configured username and password (${code}).`);
  }
  if (code === 'NOPERM') return createProblem('ACCESS_DENIED', `${systemId} denied access: ${quote(error.message)}.`);
  if (isOutage(error)) return createProblem('SYSTEM_UNAVAILABLE', `${systemId} is unavailable: ${quote(error.message)}.`);
  if (rejectedFirst.has(code)) {
    const hint = advice[code];
    return createProblem('SYSTEM_UNAVAILABLE', `${systemId} can't do this now: ${quote(error.message)}.${hint ? ` ${hint}.` : ''}`);
  }
  return createProblem('VENDOR_REJECTED', `${systemId} responded with an error: ${quote(error.message)}.`);
}

/** Why a command has no reply. */
export function describeLostConnection(systemId: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  const reason = code ?? (error instanceof Error ? error.message.replace(/\.$/, '') : 'unknown');
  return createProblem('SYSTEM_UNAVAILABLE', `${systemId} can't be reached: ${quote(reason)}.`);
}
