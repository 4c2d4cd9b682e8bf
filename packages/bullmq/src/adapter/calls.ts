import {
  type CallContext,
  type CallResult,
  createCallPolicy,
  type Failed,
  type Purpose,
  type RoundTripContext,
  type TransportSettings,
} from 'jobyard/adapter';
import { codeOf, describeError, describeLostConnection, isOutage, isReplyError, isUnsent, rejectsCredentials } from './errors.ts';
import type { Link } from './link.ts';
import type { Slot } from './slot.ts';

/** A value, an error reply of Redis, or no reply. */
export type Reply<Value> = { kind: 'value'; value: Value } | { kind: 'error'; error: Error } | Failed;

/**
 * Sends commands, all in the tick in which `start` returns true, and awaits their replies. Resolves with null if `start` returns false.
 * Rejects with the error of a reply, or of the connection.
 */
export type Exchange<Value> = (link: Link, start: () => boolean) => Promise<Value | null>;

/** Performs one round trip on the slot's connection, with the rules that systems of all vendors have. */
export type Send = <Value extends object>(
  purpose: Purpose,
  slot: Slot,
  exchange: Exchange<Value>,
  call: CallContext,
) => Promise<Reply<Value>>;

type Response = { value: object } | { error: Error };

export function createSend(systemId: string, transport: TransportSettings): Send {
  const policy = createCallPolicy<{ response: Response }>({
    systemId,
    settings: transport,
    judgeCredentials: ({ response }) => ('error' in response && rejectsCredentials(response.error) ? 'rejected' : 'accepted'),
    isFailure: ({ response }) => 'error' in response && isOutage(response.error),
    judgeRetry: ({ response }, purpose) =>
      purpose === 'read' && 'error' in response && isOutage(response.error) ? { afterMs: null } : null,
    toResultWord: ({ response }) => ('error' in response ? codeOf(response.error) : 'ok'),
  });
  return async <Value extends object>(
    purpose: Purpose,
    slot: Slot,
    exchange: Exchange<Value>,
    call: CallContext,
  ): Promise<Reply<Value>> => {
    const outcome = await policy.send(
      {
        purpose,
        attributes: { 'db.system.name': 'redis' },
        send: (context) => exchangeInTime({ systemId, purpose, slot, timeoutMs: transport.timeoutMs }, exchange, context),
      },
      // There are no callers' own credentials.
      { ...call, credential: null },
    );
    if (!outcome.answered) return { kind: 'failed', problem: outcome.problem, mayHaveArrived: outcome.mayHaveArrived };
    const { response } = outcome;
    if ('error' in response) return { kind: 'error', error: response.error };
    // The policy, which serves all calls, returns what this call's own exchange resolved with.
    return { kind: 'value', value: response.value as Value };
  };
}

interface Trip {
  systemId: string;
  purpose: Purpose;
  slot: Slot;
  timeoutMs: number;
}

async function exchangeInTime(
  { systemId, purpose, slot, timeoutMs }: Trip,
  exchange: Exchange<object>,
  { start, signal }: RoundTripContext,
): Promise<CallResult<{ response: Response }>> {
  const startedAtMs = performance.now();
  const lost = (error: unknown, mayHaveArrived: boolean): CallResult<{ response: Response }> => ({
    answered: false,
    mayHaveArrived,
    problem: isReplyError(error) ? describeError(systemId, error) : describeLostConnection(systemId, error),
  });
  let link: Link;
  try {
    link = await slot.open();
  } catch (error) {
    // Rejected in the handshake, which a read may report as its own response: it changes nothing.
    if (isReplyError(error) && purpose === 'read' && start()) return { answered: true, response: { error } };
    return lost(error, false);
  }
  let isStarted = false;
  const stopWatching = closeIfSilent(link, signal, startedAtMs + timeoutMs);
  try {
    const value = await exchange(link, () => {
      isStarted = link.isOpen() && start();
      return isStarted;
    });
    return value === null ? lost(new Error('the connection closed'), false) : { answered: true, response: { value } };
  } catch (error) {
    if (isReplyError(error) && isStarted) return { answered: true, response: { error } };
    return lost(error, isStarted && !isUnsent(error));
  } finally {
    stopWatching();
  }
}

/** Closes the connection if the round trip is given up after the timeout: the next one must not wait for the same silence. */
function closeIfSilent(link: Link, signal: AbortSignal, timeoutAtMs: number): () => void {
  const close = (): void => {
    // A millisecond may be missing, as timers are rounded.
    if (performance.now() >= timeoutAtMs - 1) link.close();
  };
  signal.addEventListener('abort', close, { once: true });
  return () => signal.removeEventListener('abort', close);
}
