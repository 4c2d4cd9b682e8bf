import { z } from 'zod';
import { isSystemId } from '../jobs/job-id.ts';
import { vendors } from '../vendors/index.ts';
import type { CredentialSource, Vendor } from '../vendors/vendor.ts';
import { certificatesSchema } from './certificates.ts';
import { type ConfigError, describeValue, suggest, toConfigErrors } from './config-errors.ts';

/** A configured system. */
export interface SystemConfig {
  id: string;
  vendor: Vendor;
  title: string;
  url: string;
  credentials: CredentialSource;
  timeoutMs: number;
  concurrency: number;
  maxResponseBytes: number;
  /** The maximum number of rows that a list query scans if the system can't sort or filter itself. */
  scanLimit: number;
  /** Certificates in PEM that may sign the system's certificate. Null: those that the machine trusts. */
  certificateAuthorities: string | null;
  /** The vendor's own keys, validated by the vendor's schema, with secrets resolved. */
  settings: unknown;
}

/** Many times the largest usual response: 500 Kylin jobs take 1 to 3 MB, 10,000 Kinetica jobs about 10 MB. */
export const defaultMaxResponseBytes = 16 * 1024 ** 2;

/** The keys of a system of any vendor. */
export const systemSchema = z.object({
  id: z.string('expected a name').refine(isSystemId, 'expected a name of the form [a-z][a-z0-9-]*'),
  vendor: z.string('expected a vendor'),
  title: z.string('expected text').min(1, 'expected text').optional(),
  url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL', abort: true }).refine((url) => !/[@?#]/.test(url), {
    // Jobyard doesn't send the rest of a URL, and messages show URLs.
    error: 'expected a URL without user name, password, ? and # (secrets have separate keys)',
    params: { includesValue: true },
  }),
  credentials: z.enum(['configured', 'passthrough'], 'expected configured or passthrough').default('configured'),
  timeoutMs: whole('milliseconds', 100, 300_000).optional(),
  concurrency: whole('requests', 1, 64).optional(),
  maxResponseBytes: whole('bytes', 1024, 1024 ** 3).default(defaultMaxResponseBytes),
  scanLimit: whole('jobs', 1, 1_000_000).default(10_000),
  caFile: certificatesSchema.optional(),
});

/** The key `systems`. Errors are added to `errors`. */
export function readSystems(input: unknown, place: string, secret: z.ZodType<string>, errors: ConfigError[]): SystemConfig[] {
  if (!Array.isArray(input) || input.length === 0) {
    errors.push(`${place}: expected a list of at least one system, got ${describeValue(input)}`);
    return [];
  }
  const taken = new Set<string>();
  return input.flatMap((entry: unknown, index) => {
    const system = readSystem(entry, `${place}[${index}]`, secret, errors);
    const id: unknown = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
    if (typeof id === 'string') {
      if (taken.has(id)) errors.push(`${place}[${index}].id: expected a unique name, "${id}" is taken`);
      taken.add(id);
    }
    return system ?? [];
  });
}

/** The configuration of a sandbox that replaces a configured system. Throws if no vendor has this name, which is a bug. */
export function configureSandbox(sandbox: { vendor: string; url: string; settings: object }): SystemConfig {
  const vendor = vendors.find(({ name }) => name === sandbox.vendor);
  if (!vendor) throw new Error(`No vendor is named ${sandbox.vendor}`);
  const common = systemSchema.parse({ id: vendor.name, vendor: vendor.name, url: sandbox.url });
  return {
    ...common,
    ...vendor.defaults,
    vendor,
    certificateAuthorities: null,
    title: `${vendor.title} (sandbox)`,
    settings: sandbox.settings,
  };
}

function readSystem(entry: unknown, place: string, secret: z.ZodType<string>, errors: ConfigError[]): SystemConfig | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    errors.push(`${place}: expected a system, got ${describeValue(entry)}`);
    return null;
  }
  const common = systemSchema.safeParse(entry);
  if (!common.success) errors.push(...toConfigErrors(common.error, place, entry));
  const { vendor: vendorName, credentials = 'configured' } = entry as { vendor?: unknown; credentials?: unknown };
  const vendor = vendors.find(({ name }) => name === vendorName);
  if (!vendor) {
    const names = vendors.map(({ name }) => name);
    if (typeof vendorName === 'string') errors.push(`${place}.vendor: expected a vendor, got "${vendorName}"${suggest(vendorName, names)}`);
    return null;
  }
  if (credentials === 'passthrough' && !vendor.offersPassthrough) {
    errors.push(`${place}.credentials: expected configured (${vendor.title} doesn't support callers' own credentials), got "passthrough"`);
    return null;
  }
  const schema = vendor.settings(secret, credentials === 'passthrough' ? 'passthrough' : 'configured');
  const commonKeys = Object.keys(systemSchema.shape);
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => !commonKeys.includes(key)));
  const settings = schema.safeParse(own);
  const knownKeys = [...commonKeys, ...(schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])];
  if (!settings.success) errors.push(...toConfigErrors(settings.error, place, own, knownKeys));
  if (!common.success || !settings.success) return null;
  const { caFile: certificateAuthorities = null, ...rest } = common.data;
  const { title = vendor.title, timeoutMs = vendor.defaults.timeoutMs, concurrency = vendor.defaults.concurrency } = rest;
  return { ...rest, vendor, title, timeoutMs, concurrency, certificateAuthorities, settings: settings.data };
}

function whole(unit: string, min: number, max: number) {
  const message = `expected ${min} to ${max} ${unit}`;
  return z.int(message).min(min, message).max(max, message);
}
