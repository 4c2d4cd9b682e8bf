import { createHash } from 'node:crypto';
import type { z } from 'zod';

/** A token for the page after `position`, of use only with the same list: `boundTo` is what names that list. */
export function writePageToken(position: unknown, boundTo: readonly unknown[]): string {
  const text = JSON.stringify(position);
  return Buffer.from(digest(text, boundTo) + text).toString('base64url');
}

/** The position in a token, or null if the token is invalid or belongs to another list. */
export function readPageToken<Position>(
  token: string,
  boundTo: readonly unknown[],
  schema: z.ZodType<Position>,
): { position: Position } | null {
  const text = Buffer.from(token, 'base64url').toString();
  const position = text.slice(digestLength);
  if (text.slice(0, digestLength) !== digest(position, boundTo)) return null;
  return { position: schema.parse(JSON.parse(position)) };
}

const digestLength = 12;

function digest(position: string, boundTo: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([boundTo, position]))
    .digest('base64url')
    .slice(0, digestLength);
}
