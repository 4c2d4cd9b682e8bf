import { z } from 'zod';
import type { SandboxAnswer, SandboxRequest, SandboxServerParts } from './exchange.ts';

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slow'), ms: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('hang'), applied: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('reset'), applied: z.boolean().default(false) }),
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional(),
    applied: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('truncate') }),
  z.strictObject({ kind: z.literal('empty') }),
  z.strictObject({ kind: z.literal('flood'), bytes: z.int().nonnegative() }),
  z.strictObject({
    kind: z.literal('front-end'),
    informational: z.array(z.literal([100, 102, 103])).optional(),
    byteOrderMark: z.boolean().optional(),
    codings: z.array(z.enum(['gzip', 'deflate', 'deflate-raw', 'br'])).optional(),
    wantsUserAgent: z.boolean().optional(),
  }),
]);

const ruleSchema = z.strictObject({
  fault: faultSchema,
  method: z.string().optional(),
  path: z.string().optional(),
  skip: z.int().nonnegative().optional(),
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
});

const clockSchema = z.strictObject({ advanceMs: z.number().nonnegative() });

/**
 * Lets a person or another process control a sandbox: `GET /_sandbox` returns the clock, the switches, and the number of requests; `GET
 * /_sandbox/requests` lists the requests, `DELETE` clears them; `POST /_sandbox/clock {"advanceMs"}`, `POST /_sandbox/switches {name:
 * value}`, `POST /_sandbox/faults` (a FaultRule), and `DELETE /_sandbox/faults` change them.
 */
export function answerControlRequest(parts: SandboxServerParts, request: SandboxRequest): SandboxAnswer {
  const { clock, faults, requests, switches } = parts;
  switch (`${request.method} ${request.path.replace(/\/$/, '')}`) {
    case 'GET /_sandbox':
      return json(200, { now: new Date(clock.now()).toISOString(), switches, requests: requests.all().length });
    case 'GET /_sandbox/requests':
      return json(200, requests.all());
    case 'DELETE /_sandbox/requests':
      requests.clear();
      return json(200, {});
    case 'POST /_sandbox/clock':
      return change(request, clockSchema, ({ advanceMs }) => clock.advance(advanceMs));
    case 'POST /_sandbox/faults':
      return change(request, ruleSchema, faults.add);
    case 'DELETE /_sandbox/faults':
      faults.clear();
      return json(200, {});
    case 'POST /_sandbox/switches':
      return change(request, z.partialRecord(z.enum(Object.keys(switches)), z.unknown()), (values) => void Object.assign(switches, values));
    default:
      return json(404, { error: `The sandbox has no ${request.method} ${request.path}` });
  }
}

function change<T>(request: SandboxRequest, schema: z.ZodType<T>, apply: (value: T) => void): SandboxAnswer {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return json(400, { error: "The body isn't JSON" });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
  apply(parsed.data);
  return json(200, {});
}

function json(status: number, body: unknown): SandboxAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
