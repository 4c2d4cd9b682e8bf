/** Whether an ID can be a part of a path. IDs are opaque, but servers would change these or resolve them to another path. */
export function isPathSegment(id: string): boolean {
  return /^[^\s\p{Cc}]+$/u.test(id) && id.isWellFormed() && id !== '.' && id !== '..';
}

/** Parts of other paths: as an ID they would cause a 404 that can't be distinguished from that of a missing job. */
const reservedWords = new Set(['libraries', 'events']);

/** Why this text can't be a job's ID, or null. */
export function checkVendorId(vendorId: string): string | null {
  if (!isPathSegment(vendorId)) return 'An AODocs job ID contains no spaces or control characters.';
  return reservedWords.has(vendorId) ? `"${vendorId}" is part of AODocs' paths, not a job ID.` : null;
}
