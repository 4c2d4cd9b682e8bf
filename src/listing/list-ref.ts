import { hash } from 'node:crypto';

/**
 * Identifies a list in cursors, which would be long with its name: hashes of the system's ID and of the list's name. 40 bits: two of 1,000
 * lists of a system have the same one in 1 of 2,000,000 configurations.
 */
export type ListRef = string;

const systemDigits = 8;
const listDigits = 10;

export function toListRef(systemId: string, listName: string): ListRef {
  return `${toSystemRef(systemId)}${digestOf(listName, listDigits)}`;
}

/** The part of its lists' refs that is the system's. */
export function toSystemRef(systemId: string): string {
  return digestOf(systemId, systemDigits);
}

/** The system's part and the list's part. */
export function splitListRef(ref: ListRef): { system: Buffer; list: Buffer } {
  return { system: Buffer.from(ref.slice(0, systemDigits), 'hex'), list: Buffer.from(ref.slice(systemDigits), 'hex') };
}

export const systemRefBytes = systemDigits / 2;
export const listRefBytes = listDigits / 2;

function digestOf(text: string, digits: number): string {
  return hash('sha256', text, 'hex').slice(0, digits);
}
