import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { fromCursorText, toCursorText } from './cursor-text.ts';

/** HMAC-SHA256, truncated to the 128 bits that RFC 2104, section 5, requires. */
const macBytes = 16;

/** An opaque text. It is bound to what it is a cursor of, and can't be created without the key. */
export function signPayload(payload: Buffer, binding: string, key: KeyObject): string {
  return toCursorText(Buffer.concat([macOf(payload, binding, key), payload]));
}

/**
 * The payload of a signed text. Null: it was changed, signed with another key, or bound to something else. The MAC is checked before anything
 * else: the page tokens in a cursor become parameters of vendor requests.
 */
export function openPayload(text: string, binding: string, keys: readonly KeyObject[]): Buffer | null {
  const bytes = fromCursorText(text);
  if (bytes === null || bytes.length < macBytes) return null;
  const mac = bytes.subarray(0, macBytes);
  const payload = bytes.subarray(macBytes);
  return keys.some((key) => timingSafeEqual(mac, macOf(payload, binding, key))) ? payload : null;
}

function macOf(payload: Buffer, binding: string, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(binding).update('\n').update(payload).digest().subarray(0, macBytes);
}
