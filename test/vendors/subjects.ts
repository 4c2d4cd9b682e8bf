import { vendors } from '../../src/vendors/index.ts';
import type { Subject, VendorName } from './contract.ts';

/** The vendors of the registry, in its order. */
// A vendor has a name for the compiler once it has a subject, and loadSubject finds out about those that have none.
export const vendorNames = vendors.map(({ name }) => name as VendorName);

const loaded = await Promise.all(vendorNames.map(async (name) => [name, await loadSubject(name)] as const));

/** What tests know of each vendor of the registry. */
export const subjects = Object.fromEntries(loaded) as Record<VendorName, Subject>;

/** The system and the vendor ID of a job's ID, where systems are named like their vendors. Throws for another ID. */
export function splitId(id: string): { system: VendorName; vendorId: string } {
  const system = vendorNames.find((name) => id.startsWith(`${name}:`));
  if (!system) throw new Error(`Of no system: ${id}`);
  return { system, vendorId: id.slice(system.length + 1) };
}

async function loadSubject(name: string): Promise<Subject> {
  const { subject } = (await import(`./${name}/subject.ts`).catch((error: Error) => {
    throw new Error(`src/vendors/index.ts has the vendor ${name}, and test/vendors/${name}/subject.ts can't be loaded: ${error.message}`);
  })) as { subject?: Subject };
  if (!subject) throw new Error(`test/vendors/${name}/subject.ts: expected an export named subject`);
  return subject;
}
