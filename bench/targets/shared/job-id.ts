/** `systemId:vendorId`, taken apart. */
export function splitId(id: string): [systemId: string, vendorId: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}
