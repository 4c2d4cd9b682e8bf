import type { z } from 'zod';
import { fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { retryAfterSeconds } from '../../../transport/failures.ts';
import type { HttpResult } from '../../../transport/http-request.ts';
import { describeReadError, describeUnread } from './errors.ts';
import { type Rejection, toRejection } from './rejection.ts';
import { type Envelope, envelopeSchema } from './wire.ts';

/** The reply to a request, whatever the HTTP status: a Vault also rejects requests with HTTP 200. */
export type VaultReply =
  /** responseStatus SUCCESS or WARNING. */
  | { kind: 'processed'; body: unknown; wire: WireResponse }
  /** FAILURE or EXCEPTION. */
  | { kind: 'rejected'; rejection: Rejection; body: unknown }
  /** No Vault envelope: a page of a proxy, a truncated body, or nothing. */
  | { kind: 'unreadable'; wire: WireResponse }
  /** No response. `mayHaveArrived`: whether the Vault may have received the request. */
  | { kind: 'lost'; mayHaveArrived: boolean; problem: Problem };

/** Parses a response once: the transport and the call share the result. */
export function readReply(wire: WireResponse): VaultReply {
  wire.reading ??= parse(wire, readJson(wire));
  // Only this function sets it, for responses of a Vault.
  return wire.reading as VaultReply;
}

export function toReply(result: HttpResult): VaultReply {
  if (result.answered) return readReply(result);
  return { kind: 'lost', mayHaveArrived: result.mayHaveArrived, problem: result.problem };
}

function parse(wire: WireResponse, body: unknown): VaultReply {
  const envelope = envelopeSchema.safeParse(body).data;
  if (!envelope) return { kind: 'unreadable', wire };
  if (isProcessed(envelope)) return { kind: 'processed', body, wire };
  const rejection = toRejection(envelope, retryAfterSeconds(wire));
  return rejection ? { kind: 'rejected', rejection, body } : { kind: 'unreadable', wire };
}

export function isProcessed({ responseStatus }: Envelope): boolean {
  return responseStatus === 'SUCCESS' || responseStatus === 'WARNING';
}

/** The body of a read's reply, or the problem. */
export function toResult<T>(systemId: string, reply: VaultReply, schema: z.ZodType<T>): Result<T> {
  switch (reply.kind) {
    case 'processed': {
      const body = schema.safeParse(reply.body);
      return body.success ? succeed(body.data) : fail(describeUnread(systemId, reply.wire));
    }
    case 'rejected':
      return fail(describeReadError(systemId, reply.rejection));
    case 'unreadable':
      return fail(describeUnread(systemId, reply.wire));
    case 'lost':
      return fail(reply.problem);
  }
}
