/** Nightrun's IDs: `run-` and a number without leading zeros. */
export function checkVendorId(vendorId: string): string | null {
  return /^run-[1-9]\d{0,11}$/.test(vendorId) ? null : 'expected a run ID such as run-1042';
}
