import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { z } from 'zod';
import { isSystemId } from '../jobs/job-id.ts';
import { toLine } from '../jobs/storable-text.ts';
import { vendors } from '../vendors/index.ts';
import { contractVersion, isDefinedVendor, type Vendor } from '../vendors/vendor.ts';
import { version } from '../version.ts';
import { type ConfigError, suggest, toConfigErrors } from './config-errors.ts';

const maxImportMs = 20_000;

/** A vendor, or why the configuration can't use it: expected, got. */
export type FoundVendor = Vendor | { obstacle: string };

/** The plug-ins of a configuration, by the name that it has for them. */
export type ImportedVendors = ReadonlyMap<string, FoundVendor>;

/** What the configuration can name besides Jobyard's own vendors: `@acme/name`, `jobyard-name`, `./file.js`, `../file.js`, `/file.js`. */
export const plugInPattern = /^(?:@[^/]+\/.|jobyard-.|\.{0,2}\/.)/;

/** Whether the value of `vendor` names the module of a plug-in. An unscoped package must say what it is: a misspelled vendor imports nothing. */
export function isPlugIn(reference: string): boolean {
  return plugInPattern.test(reference);
}

/** One of Jobyard's own vendors, or an imported one. */
export function findVendor(reference: string, imported: ImportedVendors): FoundVendor {
  const found = vendors.find(({ name }) => name === reference) ?? imported.get(reference);
  const names = vendors.map(({ name }) => name);
  return found ?? { obstacle: `expected a vendor, got "${reference}"${suggest(reference, names)}` };
}

/**
 * Imports the plug-ins among these values of `vendor`: packages are found from the folder, and paths are relative to it. Imports each module
 * once per process: a changed one needs a restart. Never rejects.
 */
export async function importVendors(references: readonly string[], folder: string): Promise<ImportedVendors> {
  const imported = new Map<string, FoundVendor>();
  for (const reference of new Set(references.filter(isPlugIn))) {
    const found = await importVendor(reference, folder);
    imported.set(reference, 'obstacle' in found ? found : (checkName(found, reference, imported) ?? found));
  }
  return imported;
}

/** The vendors with these names on a command line, each found as in a configuration file in the folder. */
export async function findVendors(references: readonly string[], folder: string): Promise<Vendor[] | { errors: ConfigError[] }> {
  const imported = await importVendors(references, folder);
  const found: Vendor[] = [];
  const errors: ConfigError[] = [];
  for (const reference of references) {
    const vendor = findVendor(reference, imported);
    if ('obstacle' in vendor) errors.push(`--vendor: ${vendor.obstacle}`);
    else found.push(vendor);
  }
  return errors.length > 0 ? { errors } : found;
}

/** Why the vendor's name can't be its own, or null. */
function checkName(vendor: Vendor, reference: string, imported: ImportedVendors): { obstacle: string } | null {
  const expected = `expected a vendor with a name of its own, ${reference} is named "${vendor.name}"`;
  if (vendors.some(({ name }) => name === vendor.name)) return { obstacle: `${expected}, like a vendor of Jobyard` };
  // Two ways to write one path lead to the same module.
  const other = Array.from(imported).find(([, found]) => !('obstacle' in found) && found !== vendor && found.name === vendor.name)?.[0];
  return other === undefined ? null : { obstacle: `${expected}, like ${other}` };
}

async function importVendor(reference: string, folder: string): Promise<FoundVendor> {
  const isPath = /^\.{0,2}\//.test(reference);
  const file = isPath ? resolve(folder, reference) : null;
  const missing = file === null ? null : describeMissingFile(file);
  if (missing !== null) return { obstacle: `expected a module with an adapter, ${file} ${missing}` };
  try {
    // As a module in the folder would find it: `import()` here finds packages from Jobyard's own folder.
    const url = file === null ? resolveModule(reference, pathToFileURL(resolve(folder, 'jobyard.yaml')).href) : pathToFileURL(file).href;
    const module = await importInTime(url);
    return toVendor(reference, module.default);
  } catch (error) {
    if (isMissingPackage(error, reference)) {
      return { obstacle: `expected a package with an adapter, can't find "${reference}" from ${folder}. Install it there` };
    }
    return { obstacle: `expected a module with an adapter, importing ${reference} failed: ${describeThrown(error)}` };
  }
}

/** Rejects if the module's own code doesn't end: it may wait for something that never comes. */
async function importInTime(url: string): Promise<{ default?: unknown }> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`its code didn't end within ${maxImportMs / 1000} seconds`)), maxImportMs);
  try {
    return await Promise.race([import(url), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a path is no module, as a predicate; null if it may be one. */
function describeMissingFile(file: string): string | null {
  try {
    return statSync(file).isDirectory() ? 'is a folder; name the file in it' : null;
  } catch (error) {
    return `can't be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'})`;
  }
}

/** Whether the package itself is missing, and not one that it needs. */
function isMissingPackage(error: unknown, reference: string): boolean {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(reference)?.[0] ?? reference;
  return (
    error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}' imported from`)
  );
}

/** What was thrown, on one line and without a stack. */
export function describeThrown(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return toLine(text) || 'an error without a message';
}

const aFunction = z.custom<() => void>((value) => typeof value === 'function', 'expected a function');
const text = z.string('expected text').min(1, 'expected text');
const count = z.int('expected a whole number').min(1, 'expected at least 1');

/** The definition of a vendor, from which `defineVendor` makes `createAdapter`. Those of Jobyard are checked by the compiler. */
const definitionSchema = z.object({
  name: text.refine(isSystemId, 'expected a name of the form [a-z][a-z0-9-]*'),
  title: text,
  settings: aFunction,
  secrets: aFunction,
  offersPassthrough: z.boolean('expected true or false'),
  urlSchemes: z.array(z.string().regex(/^[a-z][a-z0-9+.-]*$/, 'expected a scheme such as redis')).optional(),
  defaults: z.object({ concurrency: count, timeoutMs: count }, 'expected concurrency and timeoutMs'),
  startSandbox: aFunction.optional(),
});

/** The vendor that a module exports by default. */
function toVendor(reference: string, exported: unknown): FoundVendor {
  const made = typeof exported === 'object' && exported !== null && 'contractVersion' in exported ? exported.contractVersion : undefined;
  if (made !== undefined && made !== contractVersion) {
    const advice = `Install a version of it for Jobyard ${version}`;
    return {
      obstacle: `expected an adapter for version ${contractVersion} of the contract, ${reference} is for version ${made}. ${advice}`,
    };
  }
  if (!isDefinedVendor(exported)) {
    return {
      obstacle: `expected ${reference} to export by default what defineVendor of jobyard/adapter returns, got ${nameKind(exported)}`,
    };
  }
  if (made === undefined) return { obstacle: `expected ${reference} to have contractVersion: ${contractVersion}, got nothing` };
  const checked = definitionSchema.safeParse(exported);
  const [error] = checked.success ? [] : toConfigErrors(checked.error, reference, exported);
  return error === undefined ? exported : { obstacle: `expected a vendor, ${error}` };
}

function nameKind(exported: unknown): string {
  if (exported === undefined) return 'no default export';
  return exported === null ? 'null' : `${typeof exported === 'object' ? 'another object' : `a ${typeof exported}`}`;
}
