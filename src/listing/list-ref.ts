import { hash } from 'node:crypto';

/**
 * Identifies a list in cursors, which would be long with its name: hashes of the system's ID, and of the list's name and its system. Two of 1,000
 * lists of a system have the same one in 1 of 2,000,000 configurations.
 */
export type ListRef = string;

export const systemRefBytes = 3;
export const listRefBytes = 5;
const systemDigits = 2 * systemRefBytes;

export function toListRef(systemId: string, listName: string): ListRef {
  return `${toSystemRef(systemId)}${digestOf(`${systemId}/${listName}`, listRefBytes)}`;
}

/** The part of its lists' refs that is the system's. */
export function toSystemRef(systemId: string): string {
  return digestOf(systemId, systemRefBytes);
}

/** The system's part and the list's part. */
export function splitListRef(ref: ListRef): { system: Buffer; list: Buffer } {
  return { system: Buffer.from(ref.slice(0, systemDigits), 'hex'), list: Buffer.from(ref.slice(systemDigits), 'hex') };
}

function digestOf(text: string, bytes: number): string {
  return hash('sha256', text, 'hex').slice(0, 2 * bytes);
}
