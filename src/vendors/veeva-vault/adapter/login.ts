import { createProblem, fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import { credentialMissing, type SystemSettings } from '../../vendor.ts';
import type { Client } from './client.ts';
import { toResult } from './envelope.ts';
import { describeLoginRejection } from './errors.ts';
import type { VaultSettings } from './settings.ts';
import { type Login, loginSchema } from './wire.ts';

/** As long as the transport sends nothing after rejected credentials. */
const rejectedLoginSeconds = 5 * 60;

/** Opens a session with the configured user. Returns its ID. */
export async function logIn(
  { id: systemId, url }: SystemSettings,
  { username, password }: VaultSettings,
  client: Client,
  path: string,
): Promise<Result<string>> {
  if (username === undefined || password === undefined) return fail(credentialMissing(systemId));
  const request: HttpRequest = {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username, password }).toString(),
    // Not repeated: every login counts toward the limit, and every wrong one toward a lockout.
    purpose: 'action',
  };
  const reply = await client.send(request, null, { caller: 'session', signal: new AbortController().signal, credential: null });
  if (reply.kind === 'rejected') return fail(describeLoginRejection(systemId, reply.rejection));
  const login = toResult(systemId, reply, loginSchema);
  if (!login.ok) return login.problem.code === 'VENDOR_AUTHENTICATION_FAILED' ? fail(withRetryAfter(login.problem)) : login;
  const { host } = new URL(url);
  const vaultHost = hostOfVault(login.value);
  return vaultHost === host ? succeed(login.value.sessionId) : fail(describeOtherVault(systemId, host, vaultHost));
}

function describeOtherVault(systemId: string, host: string, vaultHost: string | null): Problem {
  const message = `${systemId} opened the session in ${vaultHost ?? 'a Vault that it did not name'} instead of ${host}: the configured user can't access this Vault, or url is not the Vault's own address. Jobyard sends nothing. Check the settings username and url.`;
  return withRetryAfter(createProblem('VENDOR_AUTHENTICATION_FAILED', message));
}

/** The host of the session's Vault. If the user can't access the requested Vault, the session is in another one. */
function hostOfVault({ vaultId, vaultIds }: Login): string | null {
  const vault = vaultIds?.find(({ id }) => id != null && String(id) === String(vaultId));
  return URL.parse(vault?.url ?? '')?.host ?? null;
}

function withRetryAfter(problem: Problem): Problem {
  return { ...problem, retryAfterSeconds: rejectedLoginSeconds };
}
