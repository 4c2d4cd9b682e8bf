import type { CallContext } from '../../../jobs/adapter.ts';
import { notSent } from '../../../transport/call-result.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { createHttpClient, type HttpClient } from '../../../transport/http-client.ts';
import type { HttpRequest, HttpResult } from '../../../transport/http-request.ts';
import { createSessions, type Sessions } from '../../../transport/session.ts';
import { isHeaderSafe, type SystemSettings, unusableCredential } from '../../vendor.ts';
import { isSessionGone } from './errors.ts';
import { judgeLogin, lifeOfToken, logIn } from './login.ts';
import type { AirflowSettings } from './settings.ts';

/** Sends requests with a token: the caller's, the configured one, or that of the shared login. */
export interface Sender {
  send(request: HttpRequest, call: CallContext): Promise<HttpResult>;
  close(): Promise<void>;
}

export function createSender({ id: systemId, url, transport }: SystemSettings, settings: AirflowSettings): Sender {
  const { token } = settings;
  const judgeCredentials = token === undefined ? judgeLogin : judgeToken;
  const http = createHttpClient({ systemId, baseUrl: url, transport, judgeCredentials });
  const sessions = createLogins(systemId, settings, http, transport.learnSecret);

  const sendWith = (request: HttpRequest, bearer: string, call: CallContext): Promise<HttpResult> => {
    const headers = { accept: 'application/json', authorization: `Bearer ${bearer}`, ...request.headers };
    return http.send({ ...request, headers }, call);
  };

  return {
    async send(request, call) {
      if (call.credential !== null) {
        return isHeaderSafe(call.credential) ? sendWith(request, call.credential, call) : notSent(unusableCredential(systemId));
      }
      if (token !== undefined) return sendWith(request, token, call);
      const session = await sessions.get(call.signal);
      if (!session.ok) return notSent(session.problem);
      const answer = await sendWith(request, session.value, call);
      // Airflow checks the token before anything else, so nothing was carried out.
      if (!answer.answered || !isSessionGone(answer)) return answer;
      const renewed = await sessions.renew(session.value, call.signal);
      return renewed.ok ? sendWith(request, renewed.value, call) : notSent(renewed.problem);
    },
    close: () => http.close(),
  };
}

/** The login that all requests share. Logs in again shortly before the token expires. */
function createLogins(
  systemId: string,
  settings: AirflowSettings,
  http: HttpClient,
  learnSecret: ((secret: string) => void) | undefined,
): Sessions {
  let expiresAtMs = Number.POSITIVE_INFINITY;
  return createSessions(
    systemId,
    async () => {
      const login = await logIn(systemId, settings, http);
      if (!login.ok) return login;
      learnSecret?.(login.value);
      const lifeMs = lifeOfToken(login.value);
      expiresAtMs = lifeMs === null ? Number.POSITIVE_INFINITY : Date.now() + lifeMs;
      return login;
    },
    () => Date.now() >= expiresAtMs,
  );
}

/** With a configured token, every response shows whether Airflow accepts it. A page of a proxy proves nothing. */
function judgeToken(answer: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (isSessionGone(answer) && readJson(answer) !== undefined) return 'rejected';
  return answer.status === 200 && readJson(answer) !== undefined ? 'accepted' : 'unknown';
}
