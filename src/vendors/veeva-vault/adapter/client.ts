import type { CallContext } from '../../../jobs/adapter.ts';
import type { WireResponse } from '../../../transport/exchange.ts';
import { createHttpClient, isTransientStatus } from '../../../transport/http-client.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import type { SystemSettings } from '../../vendor.ts';
import { readGapMs } from './burst-limit.ts';
import { readReply, toReply, type VaultReply } from './envelope.ts';
import { expectedDowntimeMinutes, isTransientError, rejectsCredentials } from './errors.ts';

/** Sends single requests to one Vault. */
export interface Client {
  /** `sessionId`: null for a login. */
  send(request: HttpRequest, sessionId: string | null, call: CallContext): Promise<VaultReply>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Five parts of letters, digits and `-`. Without a client ID a Vault logs the calls as "unknown" and may be configured to reject them. */
const clientId = 'jobyard-operations-adapter-server-jobyard';

export function createClient({ id: systemId, url, transport }: SystemSettings, loginPath: string): Client {
  const http = createHttpClient({
    systemId,
    baseUrl: url,
    transport,
    judgeCredentials,
    isTransient,
    // The headers of a login are about the login limit.
    readGapMs: (answer, { path }) => (path === loginPath ? null : readGapMs(answer)),
  });
  return {
    async send(request, sessionId, call) {
      const headers = {
        accept: 'application/json',
        'x-vaultapi-clientid': clientId,
        ...(sessionId === null ? {} : { authorization: `Bearer ${sessionId}` }),
        ...request.headers,
      };
      return toReply(await http.send({ ...request, headers }, call));
    },
    close: () => http.close(),
  };
}

/** Only the response to a login is about the configured user and password: an ended session proves nothing about them. */
function judgeCredentials(wire: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  const answer = readReply(wire);
  if (answer.kind === 'rejected') return rejectsCredentials(answer.rejection) ? 'rejected' : 'unknown';
  return answer.kind === 'processed' ? 'accepted' : 'unknown';
}

function isTransient(wire: WireResponse): boolean {
  const answer = readReply(wire);
  if (answer.kind === 'rejected') return isTransientError(answer.rejection);
  // A Vault that returns its expected downtime is not available before a retry.
  if (answer.kind !== 'unreadable' || expectedDowntimeMinutes(wire) !== null) return false;
  return isTransientStatus(wire);
}
