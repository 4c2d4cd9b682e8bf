import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflateRaw, inflate as inflateZlib, zstdDecompress } from 'node:zlib';
import { toBoundedText } from '../jobs/storable-text.ts';

/** `too-large`: the result would exceed `maxBytes`. `defect`: why the bytes can't be inflated, as a predicate of "it is". */
export type Inflated = { kind: 'bytes'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'defect'; defect: string };

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gzip: Decoder = promisify(gunzip);
const zlib: Decoder = promisify(inflateZlib);
const rawDeflate: Decoder = promisify(inflateRaw);

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  // RFC 9110, section 8.4.1.2: with a zlib header, which some servers omit.
  ['deflate', (bytes, options) => (hasZlibHeader(bytes) ? zlib : rawDeflate)(bytes, options)],
  ['br', promisify(brotliDecompress)],
  // RFC 9659: a window of at most 8 MB.
  ['zstd', (bytes, options) => promisify(zstdDecompress)(bytes, { ...options, params: { [constants.ZSTD_d_windowLogMax]: 23 } })],
]);

/** Each coding may inflate the previous one: more than this can only be an attack. */
const maxCodings = 5;

/**
 * Undoes the codings of a `Content-Encoding` header (RFC 9110, section 8.4: a list in the order of application). No step produces more than
 * `maxBytes`. Never rejects.
 */
export async function inflate(body: Buffer, contentEncoding: string | string[], maxBytes: number): Promise<Inflated> {
  const codings = String(contentEncoding)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  // Also without content: such a response keeps the header.
  if (body.length === 0) return { kind: 'bytes', bytes: body };
  if (codings.length > maxCodings) return { kind: 'defect', defect: `compressed ${codings.length} times` };
  let bytes = body;
  for (const coding of codings.reverse()) {
    const decode = decoders.get(coding);
    if (!decode)
      return { kind: 'defect', defect: `in the content coding ${JSON.stringify(toBoundedText(coding, 40))}, which was not requested` };
    try {
      bytes = await decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      const isTooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return isTooLarge ? { kind: 'too-large' } : { kind: 'defect', defect: `damaged or truncated (coding ${coding})` };
    }
  }
  return { kind: 'bytes', bytes };
}

/** RFC 1950: deflate in the low half of the first byte, and a multiple of 31 in the first two bytes. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
