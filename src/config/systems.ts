import { z } from 'zod';
import { isSystemId } from '../jobs/job-id.ts';
import { findTemplateFault, type LinkTemplate } from '../jobs/job-links.ts';
import { vendors } from '../vendors/index.ts';
import { type CredentialSource, httpSchemes, type Vendor } from '../vendors/vendor.ts';
import { certificatesSchema } from './certificates.ts';
import { type ConfigError, describeValue, toConfigErrors } from './config-errors.ts';
import { createUrlSchema } from './system-url.ts';
import { describeThrown, type FoundVendor, findVendor, type ImportedVendors, isPlugIn } from './vendors.ts';

/** A configured system. */
export interface SystemConfig {
  id: string;
  vendor: Vendor;
  title: string;
  /** Empty if the vendor's systems have none. */
  url: string;
  credentials: CredentialSource;
  timeoutMs: number;
  concurrency: number;
  maxResponseBytes: number;
  /** The maximum number of rows that a list query scans if the system can't sort or filter itself. */
  scanLimit: number;
  /** Certificates in PEM that may sign the system's certificate. Null: those that the machine trusts. */
  certificateAuthorities: string | null;
  /** The pages about each job, besides the vendor's own. */
  links: readonly LinkTemplate[];
  /** The vendor's own keys, validated by the vendor's schema, with secrets resolved. */
  settings: unknown;
}

/** Many times the largest usual response: 500 Kylin jobs take 1 to 3 MB, 10,000 Kinetica jobs about 10 MB. */
export const defaultMaxResponseBytes = 16 * 1024 ** 2;

const linkSchema = z.strictObject({
  title: z.string('expected text').min(1, 'expected text').max(100, 'expected at most 100 characters'),
  url: z
    .string('expected a URL')
    .max(1_000, 'expected at most 1000 characters')
    .superRefine((url, context) => {
      const message = findTemplateFault(url);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
});

/** The keys of a system of any vendor. `urlSchemes` null: any `url`. */
export function createSystemSchema(urlSchemes: readonly string[] | null) {
  return z.object({
    id: z.string('expected a name').refine(isSystemId, 'expected a name of the form [a-z][a-z0-9-]*'),
    vendor: z.string('expected a vendor'),
    title: z.string('expected text').min(1, 'expected text').optional(),
    url: createUrlSchema(urlSchemes),
    credentials: z.enum(['configured', 'passthrough'], 'expected configured or passthrough').default('configured'),
    timeoutMs: whole('milliseconds', 100, 300_000).optional(),
    concurrency: whole('requests', 1, 64).optional(),
    maxResponseBytes: whole('bytes', 1024, 1024 ** 3).default(defaultMaxResponseBytes),
    scanLimit: whole('jobs', 1, 1_000_000).default(10_000),
    caFile: certificatesSchema.optional(),
    links: z.array(linkSchema, 'expected a list of links').max(10, 'expected at most 10 links').default([]),
  });
}

/** What a system is read with. */
export interface SystemSources {
  secret: z.ZodType<string>;
  imported: ImportedVendors;
}

/** The key `systems`. Errors are added to `errors`. */
export function readSystems(input: unknown, place: string, sources: SystemSources, errors: ConfigError[]): SystemConfig[] {
  if (!Array.isArray(input) || input.length === 0) {
    errors.push(`${place}: expected a list of at least one system, got ${describeValue(input)}`);
    return [];
  }
  const taken = new Set<string>();
  return input.flatMap((entry: unknown, index) => {
    const system = readSystem(entry, `${place}[${index}]`, sources, errors);
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
  const { caFile: _none, ...common } = createSystemSchema(httpSchemes).parse({ id: vendor.name, vendor: vendor.name, url: sandbox.url });
  return {
    ...common,
    url: sandbox.url,
    ...vendor.defaults,
    vendor,
    certificateAuthorities: null,
    title: `${vendor.title} (sandbox)`,
    settings: sandbox.settings,
  };
}

function readSystem(entry: unknown, place: string, { secret, imported }: SystemSources, errors: ConfigError[]): SystemConfig | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    errors.push(`${place}: expected a system, got ${describeValue(entry)}`);
    return null;
  }
  const reference = 'vendor' in entry ? entry.vendor : undefined;
  const credentials = 'credentials' in entry ? entry.credentials : undefined;
  const found = typeof reference === 'string' ? findVendor(reference, imported) : null;
  const commonSchema = createSystemSchema(urlSchemesOf(found, reference));
  const common = commonSchema.safeParse(entry);
  if (!common.success) errors.push(...toConfigErrors(common.error, place, entry));
  if (!found) return null;
  if ('obstacle' in found) {
    errors.push(`${place}.vendor: ${found.obstacle}`);
    return null;
  }
  if (credentials === 'passthrough' && !found.offersPassthrough) {
    errors.push(`${place}.credentials: expected configured (${found.title} doesn't support callers' own credentials), got "passthrough"`);
    return null;
  }
  const commonKeys = Object.keys(commonSchema.shape);
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => !commonKeys.includes(key)));
  const source = credentials === 'passthrough' ? 'passthrough' : 'configured';
  const settings = readSettings({ vendor: found, source, secret, commonKeys }, own, place, errors);
  if (!common.success || !settings) return null;
  const { caFile: certificateAuthorities = null, url = '', ...rest } = common.data;
  const { title = found.title, timeoutMs = found.defaults.timeoutMs, concurrency = found.defaults.concurrency } = rest;
  return { ...rest, url, vendor: found, title, timeoutMs, concurrency, certificateAuthorities, settings: settings.value };
}

/** Null: any, as nothing is known of a vendor that can't be imported. */
function urlSchemesOf(found: FoundVendor | null, reference: unknown): readonly string[] | null {
  if (found && !('obstacle' in found)) return found.urlSchemes ?? httpSchemes;
  return typeof reference === 'string' && isPlugIn(reference) ? null : httpSchemes;
}

interface SettingsSources {
  vendor: Vendor;
  source: CredentialSource;
  secret: z.ZodType<string>;
  commonKeys: readonly string[];
}

/** The vendor's own keys. Null: they have errors, which are added to `errors`. */
function readSettings(
  { vendor, source, secret, commonKeys }: SettingsSources,
  own: Record<string, unknown>,
  place: string,
  errors: ConfigError[],
): { value: unknown } | null {
  try {
    const schema = vendor.settings(secret, source);
    const settings = schema.safeParse(own);
    if (settings.success) return { value: settings.data };
    const knownKeys = [...commonKeys, ...(schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])];
    errors.push(...toConfigErrors(settings.error, place, own, knownKeys));
  } catch (error) {
    // The schema of a plug-in, which may do anything.
    errors.push(`${place}: expected settings that ${vendor.name} can check, its schema threw ${describeThrown(error)}`);
  }
  return null;
}

function whole(unit: string, min: number, max: number) {
  const message = `expected ${min} to ${max} ${unit}`;
  return z.int(message).min(min, message).max(max, message);
}
