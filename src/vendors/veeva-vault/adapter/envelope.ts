import type { z } from 'zod';
import { fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { retryAfterSeconds } from '../../../transport/failures.ts';
import type { HttpResult } from '../../../transport/http-request.ts';
import { describeReadRefusal, describeUnread } from './errors.ts';
import { type Refusal, toRefusal } from './refusal.ts';
import { type Envelope, envelopeSchema } from './wire.ts';

/** What came of a call, whatever the HTTP status: a Vault says no with 200, and has an envelope with other statuses too. */
export type VaultAnswer =
  /** responseStatus SUCCESS or WARNING. */
  | { kind: 'processed'; body: unknown; wire: WireResponse }
  /** FAILURE or EXCEPTION. */
  | { kind: 'rejected'; refusal: Refusal; body: unknown }
  /** Not Vault's envelope: a proxy's page, a cut body, nothing. */
  | { kind: 'unreadable'; wire: WireResponse }
  /** No answer. `mayHaveArrived`: whether the Vault may have got the request. */
  | { kind: 'lost'; mayHaveArrived: boolean; problem: Problem };

/** Reads an answer once, however often it is asked about: the transport's questions and the call's own come to the same object. */
export function readWireAnswer(wire: WireResponse): VaultAnswer {
  wire.reading ??= toAnswer(wire, readJson(wire));
  return wire.reading as VaultAnswer;
}

export function readOutcome(outcome: HttpResult): VaultAnswer {
  if (outcome.answered) return readWireAnswer(outcome);
  return { kind: 'lost', mayHaveArrived: outcome.mayHaveArrived, problem: outcome.problem };
}

function toAnswer(wire: WireResponse, body: unknown): VaultAnswer {
  const envelope = envelopeSchema.safeParse(body).data;
  if (!envelope) return { kind: 'unreadable', wire };
  if (isProcessed(envelope)) return { kind: 'processed', body, wire };
  const refusal = toRefusal(envelope, retryAfterSeconds(wire));
  return refusal ? { kind: 'rejected', refusal, body } : { kind: 'unreadable', wire };
}

export function isProcessed({ responseStatus }: Envelope): boolean {
  return responseStatus === 'SUCCESS' || responseStatus === 'WARNING';
}

/** The body of an answer to a read, or why there is none. */
export function toOutcome<T>(systemId: string, answer: VaultAnswer, schema: z.ZodType<T>): Result<T> {
  switch (answer.kind) {
    case 'processed': {
      const body = schema.safeParse(answer.body);
      return body.success ? succeed(body.data) : fail(describeUnread(systemId, answer.wire));
    }
    case 'rejected':
      return fail(describeReadRefusal(systemId, answer.refusal));
    case 'unreadable':
      return fail(describeUnread(systemId, answer.wire));
    case 'lost':
      return fail(answer.problem);
  }
}
