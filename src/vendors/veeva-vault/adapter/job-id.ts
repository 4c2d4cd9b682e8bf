/** Vault ids are whole numbers of at most 64 bits, written as text if they are too long for a JavaScript number. */
const idPattern = /^[1-9][0-9]{0,18}$/;

/** Why a text can't be a job's id, or null. */
export function checkVendorId(vendorId: string): string | null {
  return idPattern.test(vendorId) ? null : 'A Veeva Vault job id is a whole number above 0 of at most 19 digits, without leading zeros.';
}

/** An id of a row as text; null if it can't be one. */
export function toVaultId(value: unknown): string | null {
  const text = Number.isSafeInteger(value) || typeof value === 'string' ? String(value) : '';
  return idPattern.test(text) ? text : null;
}
