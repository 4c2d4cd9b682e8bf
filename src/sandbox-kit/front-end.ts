import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { SandboxAnswer, SandboxRequest } from './exchange.ts';
import type { Fault, FrontEnd } from './faults.ts';

/** Whether the front end rejects this request. */
export function turnsAway(fault: Fault, { headers }: SandboxRequest): boolean {
  return fault.kind === 'front-end' && fault.wantsUserAgent === true && !headers['user-agent'];
}

/** Sends the informational responses, and returns the response as the front end changes it. */
export function passOn({ informational = [], byteOrderMark, codings = [] }: FrontEnd, answer: SandboxAnswer, outgoing: ServerResponse) {
  for (const status of informational) {
    if (status === 100) outgoing.writeContinue();
    else if (status === 102) outgoing.writeProcessing();
    else outgoing.writeEarlyHints({ link: '</>; rel=preload' });
  }
  let body: Buffer = Buffer.from(`${byteOrderMark ? '\uFEFF' : ''}${answer.body ?? ''}`);
  for (const coding of codings) body = compress[coding](body);
  if (codings.length === 0) return { ...answer, body };
  return {
    ...answer,
    body,
    headers: { ...answer.headers, 'content-encoding': codings.map((coding) => names[coding] ?? coding).join(', ') },
  };
}

type Coding = NonNullable<FrontEnd['codings']>[number];

const compress: Record<Coding, (body: Buffer) => Buffer> = {
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  'deflate-raw': (body) => deflateRawSync(body),
  br: (body) => brotliCompressSync(body),
};

/** Names that differ in the header. */
const names: Partial<Record<Coding, string>> = { 'deflate-raw': 'deflate' };
