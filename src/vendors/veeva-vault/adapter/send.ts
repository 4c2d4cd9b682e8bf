import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import type { Sessions } from '../../../transport/session.ts';
import { isHeaderSafe, unusableCredential } from '../../vendor.ts';
import type { Client } from './client.ts';
import type { VaultReply } from './envelope.ts';

export type Send = (request: HttpRequest, call: CallContext) => Promise<VaultReply>;

/** Sends with the caller's own session or with the shared one. If the Vault rejects the shared session, opens a new one and sends again. */
export function createSend(systemId: string, client: Client, sessions: Sessions): Send {
  return async (request, call) => {
    if (call.credential !== null) {
      return isHeaderSafe(call.credential) ? client.send(request, call.credential, call) : notSent(unusableCredential(systemId));
    }
    const session = await sessions.get(call.signal);
    if (!session.ok) return notSent(session.problem);
    const reply = await client.send(request, session.value, call);
    // Without a session nothing was carried out.
    if (!isSessionGone(reply)) return reply;
    const renewed = await sessions.renew(session.value, call.signal);
    return renewed.ok ? client.send(request, renewed.value, call) : notSent(renewed.problem);
  };
}

function notSent(problem: Problem): VaultReply {
  return { kind: 'lost', mayHaveArrived: false, problem };
}

function isSessionGone(reply: VaultReply): boolean {
  if (reply.kind === 'unreadable') return reply.wire.status === 401;
  return reply.kind === 'rejected' && reply.rejection.type === 'INVALID_SESSION_ID';
}
