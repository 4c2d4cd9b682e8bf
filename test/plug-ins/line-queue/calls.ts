import { connect } from 'node:net';
import {
  type CallContext,
  type CallResult,
  createCallPolicy,
  createProblem,
  type Purpose,
  type RoundTripContext,
  type TransportSettings,
} from 'jobyard/adapter';
import { z } from 'zod';

const replySchema = z.union([z.object({ value: z.unknown() }), z.object({ error: z.string() })]);

/** A response: a value, or the server's word for an error. */
export interface QueueReply {
  reply: { value: unknown } | { error: string };
}

export type Send = (purpose: Purpose, words: readonly string[], call: CallContext) => Promise<CallResult<QueueReply>>;

/** Sends each command over a connection of its own. */
export function createSend(systemId: string, url: string, token: string, settings: TransportSettings): Send {
  const { hostname, port } = new URL(url);
  const policy = createCallPolicy<QueueReply>({
    systemId,
    settings,
    judgeCredentials: ({ reply }) => ('error' in reply && reply.error === 'NOAUTH' ? 'rejected' : 'accepted'),
    toResultWord: ({ reply }) => ('error' in reply ? 'error' : 'ok'),
  });
  return (purpose, words, call) =>
    policy.send({ purpose, send: (roundTrip) => exchangeLine(systemId, { hostname, port }, [token, ...words].join(' '), roundTrip) }, call);
}

function exchangeLine(
  systemId: string,
  { hostname, port }: { hostname: string; port: string },
  line: string,
  { start, signal }: RoundTripContext,
): Promise<CallResult<QueueReply>> {
  return new Promise((resolve) => {
    let isSent = false;
    let text = '';
    const socket = connect(Number(port), hostname);
    const end = (result: CallResult<QueueReply>): void => {
      socket.destroy();
      resolve(result);
    };
    const lose = (why: string): void =>
      end({
        answered: false,
        mayHaveArrived: isSent,
        problem: createProblem('SYSTEM_UNAVAILABLE', `${systemId} can't be reached: ${why}.`),
      });
    signal.addEventListener('abort', () => lose('the call was aborted'), { once: true });
    socket.setEncoding('utf8');
    socket.on('error', ({ message }) => lose(message));
    socket.on('close', () => lose('the connection closed without a response'));
    socket.on('connect', () => {
      if (!start()) return lose('not sent');
      isSent = true;
      socket.write(`${line}\n`);
    });
    socket.on('data', (part: string) => {
      text += part;
      if (!text.endsWith('\n')) return;
      const reply = replySchema.safeParse(JSON.parse(text));
      if (reply.success) end({ answered: true, reply: reply.data });
      else lose('the response is invalid');
    });
  });
}
