/** Vault's IDs are integers of at most 64 bits, as text if they are too large for a JavaScript number. */
const idPattern = /^[1-9][0-9]{0,18}$/;

/** Why this text can't be a job's ID, or null. */
export function checkVendorId(vendorId: string): string | null {
  return idPattern.test(vendorId) ? null : 'A Veeva Vault job ID is a positive integer of at most 19 digits, without leading zeros.';
}

/** The ID of a row as text; null if the value can't be an ID. */
export function toVaultId(value: unknown): string | null {
  const text = Number.isSafeInteger(value) || typeof value === 'string' ? String(value) : '';
  return idPattern.test(text) ? text : null;
}
