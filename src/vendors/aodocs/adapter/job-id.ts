/** Whether an id can be sent as a part of a path. Ids are opaque, but these would be changed on the way or name something else. */
export function isPathSegment(id: string): boolean {
  return /^[^\s\p{Cc}]+$/u.test(id) && id.isWellFormed() && id !== '.' && id !== '..';
}

/** Parts of other paths: as an id they would be answered with a 404 that looks like that of a job. */
const reservedWords = new Set(['libraries', 'events']);

/** Why a text can't be a job's id, or null. */
export function checkVendorId(vendorId: string): string | null {
  if (!isPathSegment(vendorId)) return 'An AODocs job id holds no spaces and no control characters.';
  return reservedWords.has(vendorId) ? `"${vendorId}" is a word of AODocs' addresses, not a job id.` : null;
}
