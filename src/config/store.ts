import { z } from 'zod';
import type { Flags } from './command-line.ts';
import { type ConfigError, toConfigErrors } from './config-errors.ts';
import { createSecretSchema, type Environment } from './secret.ts';

/** The location of the store: this process only, a folder that one process at a time uses, or a PostgreSQL server that any number of processes share. */
export type StoreLocation = { kind: 'memory' } | { kind: 'folder'; folder: string } | { kind: 'server'; url: string };

/**
 * The key `store`: the location of data that outlives the process. `inFile` is null without a configuration file: then the store is in
 * memory, like the sandboxes.
 */
export function readStore(
  flags: Flags,
  environment: Environment,
  inFile: { value: unknown; place: string } | null,
  errors: ConfigError[],
): StoreLocation | null {
  const found = readLocation(flags, environment, inFile, errors);
  return found?.kind === 'server' ? { ...found, url: withOptions(found.url, environment.PGOPTIONS) } : found;
}

/** The URL with the options of PostgreSQL's clients (PGOPTIONS), unless it has its own. */
function withOptions(url: string, options: string | undefined): string {
  const parsed = new URL(url);
  if (!options || parsed.searchParams.has('options')) return url;
  parsed.searchParams.set('options', options);
  return parsed.href;
}

function readLocation(
  flags: Flags,
  environment: Environment,
  inFile: { value: unknown; place: string } | null,
  errors: ConfigError[],
): StoreLocation | null {
  if (flags.store !== undefined) return read(location, flags.store, '--store', errors);
  // A variable may contain a password.
  if (environment.JOBYARD_STORE) return read(locationWithPassword, environment.JOBYARD_STORE, 'JOBYARD_STORE', errors);
  if (!inFile) return { kind: 'memory' };
  const { value = './data', place } = inFile;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return read(location, value, place, errors);
  const schema = z.strictObject({ url: createSecretSchema(environment).pipe(serverUrl) }).transform(({ url }) => url);
  return read(schema, value, place, errors);
}

function read(schema: z.ZodType<StoreLocation>, value: unknown, place: string, errors: ConfigError[]): StoreLocation | null {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  errors.push(...toConfigErrors(parsed.error, place, value, ['url']));
  return null;
}

const expected = 'expected a folder, postgres://USER@HOST:PORT/DATABASE or { url: { env: NAME } }';

/** The value may contain a password, so the message doesn't show it. */
const notAServer = { code: 'custom', message: `${expected}, got something else`, params: { includesValue: true } } as const;

const serverUrl = z.string().transform((url, context): StoreLocation => {
  if (isServerUrl(url)) return { kind: 'server', url };
  context.addIssue(notAServer);
  return z.NEVER;
});

const locationWithPassword = z.string(expected).transform((text, context): StoreLocation => {
  if (text === '') {
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'folder', folder: text };
  if (isServerUrl(text)) return { kind: 'server', url: text };
  context.addIssue(notAServer);
  return z.NEVER;
});

const location = locationWithPassword.refine((place) => place.kind !== 'server' || !hasPassword(new URL(place.url)), {
  error: 'expected a URL without a password, or { url: { env: NAME } } (the configuration never contains secrets), got something else',
  params: { includesValue: true },
});

function hasPassword({ password, searchParams }: URL): boolean {
  return password !== '' || searchParams.has('password');
}

function isServerUrl(url: string): boolean {
  return URL.canParse(url) && ['postgres:', 'postgresql:'].includes(new URL(url).protocol);
}
