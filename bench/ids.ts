/*
 * Job ids of a fixed width, so that the stub can put them into prepared answers. The generation is the number of an operation:
 * each operation can meet jobs that no operation met before.
 */

export const vendors = ['kinetica', 'veeva-vault', 'kylin', 'aodocs'] as const;
export type VendorName = (typeof vendors)[number];

const generationDigits = 6;
const indexDigits = 4;

/** The part of an id that is the generation. */
export function generationText(generation: number): string {
  return String(generation % 10 ** generationDigits).padStart(generationDigits, '0');
}

export function vendorId(vendor: VendorName, generation: number, index: number): string {
  const digits = generationText(generation);
  const last = String(index).padStart(indexDigits, '0');
  switch (vendor) {
    case 'kinetica':
      return `1${digits}${last}`;
    case 'veeva-vault':
      return `2${digits}${last}`;
    case 'kylin':
      return `00${digits}-${last}-4a7e-9c31-5b2d8e60f714`;
    case 'aodocs':
      return `Rm${digits}vtKJ${last}OgEMX`;
  }
}

/** The generation of an id of Kinetica (`at` 1) or Kylin (`at` 2). */
export function generationOf(id: string, at: number): number {
  return Number(id.slice(at, at + generationDigits));
}

/** Which vendor a job of an operation is of: one after the other. */
export function mixedId(generation: number, index: number): string {
  const vendor = vendors[index % vendors.length] as VendorName;
  return `${vendor}:${vendorId(vendor, generation, Math.floor(index / vendors.length))}`;
}

/** The most rows that AODocs returns at once: its reference names no maximum, and Jobyard requests no more. */
export const aodocsPageRows = 100;
const tokenStart = 'eUpLaEo1WXdoazdhWzE3OTUzNjM3OTI2';

/** AODocs' token for the page that begins with this row. */
export function aodocsPageToken(firstRow: number): string {
  return tokenStart + String(firstRow).padStart(indexDigits, '0');
}

/** The first row of the page that a token stands for. */
export function firstRowOf(token: string | undefined): number {
  return Number(token?.slice(tokenStart.length) ?? 0);
}
