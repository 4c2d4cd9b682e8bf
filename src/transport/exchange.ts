import type { Dispatcher } from 'undici';
import { onAbort } from '../concurrency/on-abort.ts';
import type { Places } from '../concurrency/places.ts';
import { maxBytesAtOnce, parseLargeJson } from '../json/large.ts';
import { maxLargeValues } from '../json/large-parse.ts';
import { isNestedTooDeep, maxVendorNesting } from '../json/nesting.ts';
import { parseUnnested } from '../json/parse.ts';
import { type Body, createBody, freeMemory } from './body.ts';
import { isProxyRefusal } from './dispatcher.ts';
import { inflate } from './inflate.ts';

/** One request as it goes over the wire. */
export interface WireRequest {
  /** Scheme, host and port. */
  origin: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What came back. It may repeat the credential that was sent: what adapters return of it is cleared of secrets. Header names are in lower case. */
export interface WireResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Empty where the body has a defect or is large. Its brackets are nested in at most 250 levels. */
  text: string;
  /** In the place of the text of a large body: what it says as JSON; `json` is undefined if it isn't JSON. */
  large?: { json: unknown; byteCount: number };
  /** Why the body could not be read (it is "damaged or cut off", say); absent where it could. */
  defect?: string;
  /** What an adapter made of the text, kept here where it asks more than once: a WeakMap would keep it until the next full collection. */
  reading?: unknown;
}

/** What an answer says as JSON; undefined if it isn't JSON. Parses a text that isn't large each time. */
export function readJson({ text, large }: WireResponse): unknown {
  return large ? large.json : parseUnnested(text);
}

/** JSON that an answer of `sender` holds as a text, of any length; 'aborted' when the signal is aborted before the end. */
export async function readText(text: string, sender: string, signal: AbortSignal): ReturnType<typeof parseLargeJson> {
  if (text.length > maxBytesAtOnce) return parseLargeJson(Buffer.from(text), sender, signal);
  if (isNestedTooDeep(text, maxVendorNesting)) return { kind: 'tooDeep' };
  const value = parseUnnested(text);
  return value === undefined ? { kind: 'notJson' } : { kind: 'value', value };
}

export type WireOutcome =
  | { kind: 'answer'; answer: WireResponse }
  /** `started`: the request was being written to a connection, so the vendor may have got it. */
  | { kind: 'lost'; started: boolean; error: Error }
  | { kind: 'timed-out'; started: boolean }
  | { kind: 'too-large'; started: true };

export interface ExchangeLimits {
  /** From now to the last byte of the answer. */
  timeoutMs: number;
  /** A longer answer is not read to its end; of a compressed one, neither what came nor what it holds may be longer. */
  maxBytes: number;
  /** Where answers of more than 1,000,000 bytes take turns, so that few are in memory at one time. */
  large: LargeAnswers;
}

export interface LargeAnswers {
  /** Who sends them. The answers of all senders are parsed one at a time, senders taking turns. */
  sender: string;
  /** Where each waits until there is memory to read its rest. */
  places: Places;
  /** For whom the answer is. */
  caller: string;
}

const tooDeep = `nested in more than ${maxVendorNesting} levels of brackets`;
const tooManyValues = `JSON of more than ${maxLargeValues.toLocaleString('en')} values, which would take too much memory`;

/**
 * One HTTP exchange, nothing repeated, no redirect followed. Never rejects.
 * `mayStart` is asked when there is a connection for it, right before the first byte.
 * Uses dispatch rather than request(): it alone tells whether the request had been put on a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  { timeoutMs, maxBytes, large }: ExchangeLimits,
  signal: AbortSignal,
  mayStart: () => boolean = () => true,
): Promise<WireOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'lost', started: false, error: reasonOf(signal) });
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let isSettled = false;
    let status = 0;
    let headers: WireResponse['headers'] = {};
    let body = createBody(maxBytes, null);
    let turn: LargeTurn | null = null;

    const settle = (outcome: WireOutcome): void => {
      isSettled = true;
      turn?.end();
      clearTimeout(timer);
      stopListening();
      resolve(outcome);
    };
    // Until the request starts there is no controller to stop it by: a late start is turned down below.
    const giveUp = (outcome: WireOutcome): void => {
      settle(outcome);
      controller?.abort(new Error('Given up'));
    };
    const abort = (): void => giveUp({ kind: 'lost', started: controller !== undefined, error: reasonOf(signal) });
    // Also for waiting for a turn, inflating and parsing.
    const timer = setTimeout(() => giveUp({ kind: 'timed-out', started: controller !== undefined }), timeoutMs);
    const stopListening = onAbort(signal, abort);

    const takeTurn = (): LargeTurn => {
      turn ??= createLargeTurn(large);
      return turn;
    };
    const read = async (): Promise<void> => {
      const content = await readContent(body, headers['content-encoding'], maxBytes, takeTurn);
      // Nothing listens if it was given up meanwhile.
      if (content.kind === 'content') settle({ kind: 'answer', answer: { status, headers, ...content.content } });
      else if (content.kind === 'too-large') settle({ kind: 'too-large', started: true });
    };

    dispatcher.dispatch(
      { origin: request.origin, method: request.method, path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          if (isSettled) started.abort(new Error('Given up'));
          else if (!mayStart()) started.abort(new Error('Turned down'));
          else controller = started;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          // 1xx answers precede the real one. Only those over HTTP/2 come here.
          if (statusCode < 200) return;
          status = statusCode;
          headers = responseHeaders;
          const announced = announcedBytes(headers);
          if ((announced ?? 0) > maxBytes) giveUp({ kind: 'too-large', started: true });
          else body = createBody(maxBytes, announced);
        },
        onResponseData(reading, chunk) {
          if (!body.add(chunk)) {
            giveUp({ kind: 'too-large', started: true });
            return;
          }
          if (!body.isLarge() || turn) return;
          reading.pause();
          void takeTurn()
            .isTaken()
            .then(() => reading.resume());
        },
        onResponseEnd: () => void read(),
        onResponseError(_controller, error) {
          // Also after giving up: then it says what is known.
          if (!isSettled) settle({ kind: 'lost', started: controller !== undefined && !isProxyRefusal(error), error });
        },
      },
    );
  });
}

/** The turn of one large answer. */
interface LargeTurn {
  sender: string;
  /** False: it ended before. */
  isTaken(): Promise<boolean>;
  /** Aborted when it ends. */
  signal: AbortSignal;
  end(): void;
}

function createLargeTurn({ sender, places, caller }: LargeAnswers): LargeTurn {
  const ended = new AbortController();
  const place = places.wait({ caller, purpose: 'read', signal: ended.signal });
  return {
    sender,
    isTaken: async () => typeof (await place) === 'object' && !ended.signal.aborted,
    signal: ended.signal,
    end() {
      if (ended.signal.aborted) return;
      ended.abort();
      void place.then((taken) => typeof taken === 'object' && places.leave(taken));
    },
  };
}

type Content = Pick<WireResponse, 'text' | 'large' | 'defect'>;

/** What a body that has come says. `ended`: its turn ended first. */
async function readContent(
  body: Body,
  coding: string | string[] | undefined,
  maxBytes: number,
  takeTurn: () => LargeTurn,
): Promise<{ kind: 'content'; content: Content } | { kind: 'too-large' } | { kind: 'ended' }> {
  let bytes = body.take();
  if (coding !== undefined) {
    let inflated = await inflate(bytes, coding, body.isLarge() ? maxBytes : Math.min(maxBytes, maxBytesAtOnce));
    if (inflated.kind === 'too-large' && !body.isLarge() && maxBytes > maxBytesAtOnce) {
      if (!(await takeTurn().isTaken())) return { kind: 'ended' };
      inflated = await inflate(bytes, coding, maxBytes);
    }
    if (inflated.kind === 'too-large') return inflated;
    if (inflated.kind === 'defect') return { kind: 'content', content: { text: '', defect: inflated.defect } };
    bytes = inflated.bytes;
  }
  if (isUtf16(bytes)) return { kind: 'content', content: { text: '', defect: 'in UTF-16, not in UTF-8' } };
  const json = withoutMark(bytes);
  if (bytes.length > maxBytesAtOnce) return readLarge(json, takeTurn());
  const content = isNestedTooDeep(json, maxVendorNesting) ? { text: '', defect: tooDeep } : { text: json.toString() };
  return { kind: 'content', content };
}

async function readLarge(bytes: Buffer, turn: LargeTurn): Promise<{ kind: 'content'; content: Content } | { kind: 'ended' }> {
  const byteCount = bytes.length;
  if (!(await turn.isTaken())) return { kind: 'ended' };
  const parsed = await parseLargeJson(bytes, turn.sender, turn.signal);
  freeMemory(bytes);
  if (parsed.kind === 'aborted') return { kind: 'ended' };
  const json = parsed.kind === 'value' ? parsed.value : undefined;
  const defect = describeRefusal(parsed);
  return { kind: 'content', content: { text: '', large: { json, byteCount }, ...(defect !== null && { defect }) } };
}

/** Why JSON isn't read, in words that follow "it is"; null for a value, and for what is not JSON. */
export function describeRefusal({ kind }: Awaited<ReturnType<typeof parseLargeJson>>): string | null {
  return kind === 'tooDeep' ? tooDeep : kind === 'tooManyValues' ? tooManyValues : null;
}

function announcedBytes(headers: WireResponse['headers']): number | null {
  const length = Number(headers['content-length']);
  return Number.isSafeInteger(length) ? length : null;
}

/** Without a byte order mark, which some servers put first (RFC 8259, section 8.1: it may be ignored). */
function withoutMark(bytes: Buffer): Buffer {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark ? bytes.subarray(3) : bytes;
}

/** By its byte order mark; no text in UTF-8 begins so. */
function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
