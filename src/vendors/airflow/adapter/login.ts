import { decodeJwt } from 'jose';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import type { HttpClient } from '../../../transport/http-client.ts';
import { describeLoginRejection, describeUnexpected } from './errors.ts';
import type { AirflowSettings } from './settings.ts';
import { loginSchema } from './wire.ts';

const loginPath = '/auth/token';
/** As long as the transport sends nothing after rejected credentials. */
const rejectedLoginSeconds = 5 * 60;
/** A token isn't used in the last seconds of its life: a request takes time, and clocks differ. */
const expiryMarginMs = 10_000;

/** Gets a token for the configured user. Both auth managers of Airflow have this endpoint. */
export async function logIn(
  systemId: string,
  { username = '', password = '' }: AirflowSettings,
  http: HttpClient,
): Promise<Result<string>> {
  const answer = await http.send(
    {
      method: 'POST',
      path: loginPath,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
      // Not repeated: an auth manager may lock the account after wrong passwords.
      purpose: 'action',
    },
    { caller: 'session', signal: new AbortController().signal, credential: null },
  );
  if (!answer.answered) return fail(answer.problem);
  const rejection = describeLoginRejection(systemId, answer);
  if (rejection) return fail({ ...rejection, retryAfterSeconds: rejectedLoginSeconds });
  const token = tokenIn(answer);
  return token === null ? fail(describeUnexpected(systemId, answer).problem) : succeed(token);
}

/** Only the response to a login is about the configured user and password. */
export function judgeLogin(answer: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (tokenIn(answer) !== null) return 'accepted';
  const isOfToken = /"(Not authenticated|Token Expired)"/.test(answer.text);
  return answer.status === 401 && !isOfToken && describeLoginRejection('', answer) ? 'rejected' : 'unknown';
}

function tokenIn(answer: WireResponse): string | null {
  if (answer.status !== 201) return null;
  return loginSchema.safeParse(readJson(answer)).data?.access_token ?? null;
}

/** How long Airflow accepts the token, from now on. Null: unknown, so it is used until Airflow rejects it. */
export function lifeOfToken(token: string): number | null {
  try {
    const { iat, exp } = decodeJwt(token);
    // By the server's own clock: this machine's may differ.
    return iat === undefined || exp === undefined ? null : (exp - iat) * 1000 - expiryMarginMs;
  } catch {
    return null;
  }
}
