const integer = /^-?\d{1,19}$/;

/** JSON.parse in which every integer arrives as a bigint, so that 64-bit IDs keep all their digits. Throws on text that is not JSON. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source && integer.test(context.source) ? BigInt(context.source) : value,
  );
}

/** JSON.stringify that writes a bigint as a bare number. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? rawJson(String(inner)) : inner));
}

// TypeScript's library does not declare JSON.rawJSON yet.
function rawJson(text: string): unknown {
  return JSON.rawJSON(text);
}
