/** The parts of a job's ID. */
export interface JobId {
  systemId: string;
  vendorId: string;
}

const systemIdPattern = /^[a-z][a-z0-9-]*$/;

/** The maximum length of a job's ID. Vendors' IDs are far shorter, and a response repeats each ID. */
export const maxJobIdLength = 1_000;

export function isSystemId(text: string): boolean {
  return systemIdPattern.test(text);
}

/** The text form: systemId:vendorId. */
export function formatJobId({ systemId, vendorId }: JobId): string {
  return `${systemId}:${vendorId}`;
}

/** Matches a control character, line breaks and tabs included. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches them.
export const controlCharacter = /[\x00-\x1f\x7f]/;

/**
 * Whether callers can get this ID and send it back. IDs are never changed, so a row can't be shown if its ID is empty, too long, or contains
 * control characters or half a surrogate pair.
 */
export function isUsableVendorId(systemId: string, vendorId: string): boolean {
  const length = systemId.length + 1 + vendorId.length;
  return vendorId !== '' && length <= maxJobIdLength && vendorId.isWellFormed() && !controlCharacter.test(vendorId);
}

/** The parts of an ID that Jobyard made itself, as the IDs in its store are. Throws on any other text. */
export function splitJobId(id: string): JobId {
  const parsed = parseJobId(id);
  if (!parsed) throw new Error(`Not a job ID: ${id}`);
  return parsed;
}

/** The vendor's part of an ID that Jobyard made itself. Throws on any other text. */
export function vendorIdOf(id: string): string {
  return splitJobId(id).vendorId;
}

/** Splits at the first colon: vendor IDs may contain colons. Null for a text that can't be a job's ID. */
export function parseJobId(text: string): JobId | null {
  if (text.length > maxJobIdLength) return null;
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) return null;
  const systemId = text.slice(0, colon);
  return systemIdPattern.test(systemId) ? { systemId, vendorId: text.slice(colon + 1) } : null;
}
