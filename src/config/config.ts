import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { vendors } from '../adapters/index.ts';
import type { Vendor } from '../adapters/vendor.ts';
import { isSystemId } from '../jobs/job-id.ts';
import { describeMistakes, type Mistake, suggest } from './mistakes.ts';
import { createSecretSchema, type Environment } from './secret.ts';

/** Everything configurable, checked. */
export interface Config {
  server: ServerConfig;
  /** Null: none were configured; the sandboxes stand in. */
  systems: SystemConfig[] | null;
}

export interface ServerConfig {
  host: string;
  port: number;
  /** Time for a whole GraphQL operation, vendor calls included. */
  deadlineMs: number;
}

export interface SystemConfig {
  id: string;
  vendor: Vendor;
  title: string;
  url: string;
  timeoutMs: number;
  concurrency: number;
  maxAnswerBytes: number;
  /** Most rows a listing looks at where the system can't sort or filter by itself. */
  scanLimit: number;
  /** The vendor's own keys, checked by the vendor's schema, secrets resolved. */
  settings: unknown;
}

const port = z.coerce.number('expected a port').int('expected a port').min(0, 'expected a port').max(65_535, 'expected a port');

const serverSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(4000),
  deadlineMs: z.int('expected whole milliseconds').min(1000).max(300_000).default(25_000),
});

const commonSchema = z.object({
  id: z.string('expected a name').refine(isSystemId, 'expected a name of the form [a-z][a-z0-9-]*'),
  vendor: z.string('expected a vendor'),
  title: z.string().min(1).optional(),
  url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
  timeoutMs: z.int('expected whole milliseconds').min(100, 'expected at least 100').max(300_000, 'expected at most 300000').optional(),
  concurrency: z.int('expected a whole number').min(1, 'expected at least 1').max(64, 'expected at most 64').optional(),
  maxAnswerBytes: z
    .int('expected a whole number')
    .min(1024, 'expected at least 1024')
    .default(32 * 1024 * 1024),
  scanLimit: z.int('expected a whole number').min(1, 'expected at least 1').default(10_000),
});

const topKeys = ['server', 'systems'];

/**
 * Reads the command line, the environment (JOBYARD_CONFIG, HOST, PORT) and the file they name.
 * Stronger first: flag, environment variable, file, default.
 */
export function loadConfig(commandLine: readonly string[], environment: Environment = process.env): Config | { mistakes: Mistake[] } {
  const flags = readFlags(commandLine);
  if ('mistakes' in flags) return flags;
  const file = flags.config ?? environment.JOBYARD_CONFIG;
  const contents = file === undefined || file === '' ? { value: {}, place: '' } : readConfigFile(file);
  if ('mistakes' in contents) return contents;

  const { place } = contents;
  const mistakes: Mistake[] = [];
  const top = contents.value;
  for (const key of Object.keys(top)) if (!topKeys.includes(key)) mistakes.push(`${place}${key}: unknown key${suggest(key, topKeys)}`);

  const server = readServer(top.server, place, flags, environment, mistakes);
  const systems = place === '' ? null : readSystems(top.systems, place, environment, mistakes);
  return mistakes.length > 0 || !server ? { mistakes } : { server, systems };
}

interface Flags {
  config?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
}

function readFlags(commandLine: readonly string[]): Flags | { mistakes: Mistake[] } {
  try {
    const options = { config: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } } as const;
    return parseArgs({ args: [...commandLine], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { mistakes: [`command line: ${message.split('. ')[0]} (expected --config FILE, --host HOST, --port PORT)`] };
  }
}

function readConfigFile(file: string): { value: Record<string, unknown>; place: string } | { mistakes: Mistake[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      mistakes: [
        `${file}: expected a configuration file, it can't be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'})`,
      ],
    };
  }
  const document = parseDocument(text);
  const syntax = document.errors.map((error) => `${file}: expected YAML, ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
  if (syntax.length > 0) return { mistakes: syntax };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return { mistakes: [`${file}: expected YAML, ${error instanceof Error ? error.message : String(error)}`] };
  }
  if (value === null || value === undefined) return { mistakes: [`${file}: expected the keys ${topKeys.join(', ')}, the file is empty`] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { mistakes: [`${file}: expected the keys ${topKeys.join(', ')}, got ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}`] };
  }
  return { value: { ...value }, place: `${file}: ` };
}

function readServer(input: unknown, place: string, flags: Flags, environment: Environment, mistakes: Mistake[]): ServerConfig | null {
  const parsed = serverSchema.safeParse(input ?? {});
  if (!parsed.success) mistakes.push(...describeMistakes(parsed.error, `${place}server`, input, Object.keys(serverSchema.shape)));
  const config = parsed.success ? parsed.data : serverSchema.parse({});
  for (const [name, value] of [
    ['PORT', environment.PORT],
    ['--port', flags.port],
  ] as const) {
    if (value === undefined || value === '') continue;
    const given = port.safeParse(value);
    if (given.success) config.port = given.data;
    else mistakes.push(`${name}: expected a port from 0 to 65535, got "${value}"`);
  }
  return { ...config, host: flags.host || environment.HOST || config.host };
}

function readSystems(input: unknown, place: string, environment: Environment, mistakes: Mistake[]): SystemConfig[] {
  if (!Array.isArray(input) || input.length === 0) {
    mistakes.push(
      `${place}systems: expected a list of at least one system, got ${input === undefined ? 'nothing' : JSON.stringify(input)}`,
    );
    return [];
  }
  const taken = new Set<string>();
  return input.flatMap((entry: unknown, index) => {
    const system = readSystem(entry, `${place}systems[${index}]`, environment, mistakes);
    if (!system) return [];
    if (taken.has(system.id)) mistakes.push(`${place}systems[${index}].id: expected a name of its own, "${system.id}" is taken`);
    taken.add(system.id);
    return [system];
  });
}

function readSystem(entry: unknown, place: string, environment: Environment, mistakes: Mistake[]): SystemConfig | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    mistakes.push(`${place}: expected a system, got ${JSON.stringify(entry)}`);
    return null;
  }
  const commonKeys = Object.keys(commonSchema.shape);
  const common = commonSchema.safeParse(entry);
  if (!common.success) mistakes.push(...describeMistakes(common.error, place, entry));
  const vendorName = (entry as { vendor?: unknown }).vendor;
  const vendor = vendors.find(({ name }) => name === vendorName);
  if (!vendor) {
    if (typeof vendorName === 'string')
      mistakes.push(
        `${place}.vendor: expected a vendor, got "${vendorName}"${suggest(
          vendorName,
          vendors.map(({ name }) => name),
        )}`,
      );
    return null;
  }
  const schema = vendor.settings(createSecretSchema(environment));
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => !commonKeys.includes(key)));
  const settings = schema.safeParse(own);
  const knownKeys = [...commonKeys, ...(schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])];
  if (!settings.success) mistakes.push(...describeMistakes(settings.error, place, own, knownKeys));
  if (!common.success || !settings.success) return null;
  const { id, title, url, timeoutMs, concurrency, maxAnswerBytes, scanLimit } = common.data;
  return {
    id,
    vendor,
    title: title ?? vendor.title,
    url,
    timeoutMs: timeoutMs ?? vendor.defaults.timeoutMs,
    concurrency: concurrency ?? vendor.defaults.concurrency,
    maxAnswerBytes,
    scanLimit,
    settings: settings.data,
  };
}
