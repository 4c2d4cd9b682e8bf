import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { SandboxAnswer, SandboxRequest } from './exchange.ts';
import type { Fault, FrontEnd } from './faults.ts';

/** Whether a front end keeps this request from the vendor. */
export function turnsAway(fault: Fault, { headers }: SandboxRequest): boolean {
  return fault.kind === 'front-end' && fault.wantsUserAgent === true && !headers['user-agent'];
}

/** Sends what comes before the answer, and gives the answer as the front end passes it on. */
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

/** Where the header says something else. */
const names: Partial<Record<Coding, string>> = { 'deflate-raw': 'deflate' };
