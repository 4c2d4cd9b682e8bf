import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type ListPosition, maxPartLength } from '../jobs/list-position.ts';
import { openPayload, signPayload } from './signed-payload.ts';

/** The cursors of one vendor list, which is not merged with others: a signed position. */

const listPositionSchema: z.ZodType<ListPosition> = z.strictObject({
  part: z.string().max(maxPartLength).nullable(),
  row: z.int().nonnegative(),
});

export function signListPosition(position: ListPosition, binding: string, key: KeyObject): string {
  return signPayload(Buffer.from(JSON.stringify(position)), binding, key);
}

/** Null if the text is not such a cursor: see `openPayload`. */
export function openListPosition(cursor: string, binding: string, keys: readonly KeyObject[]): ListPosition | null {
  const payload = openPayload(cursor, binding, keys);
  if (!payload) return null;
  try {
    // Another version may have written other fields.
    return listPositionSchema.safeParse(JSON.parse(payload.toString('utf8'))).data ?? null;
  } catch {
    // A signed payload may still be invalid JSON: anyone with the key can sign anything.
    return null;
  }
}
