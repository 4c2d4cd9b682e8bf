// Configuration: reads jobyard.yaml, the environment, and the command line, and validates all settings.

import { z } from 'zod';
import type { ProxySettings } from '../transport/proxy-settings.ts';
import { type AccessSettings, accessKeys, accessSchema, isLoopback } from './access.ts';
import { aHost, aPort, portSchema } from './address.ts';
import { type Flags, readFlags } from './command-line.ts';
import { type ConfigError, suggest, toConfigErrors } from './config-errors.ts';
import { readConfigFile } from './file.ts';
import { type Limits, limitsSchema } from './limits.ts';
import { readProxy } from './proxy.ts';
import { createSecretSchema, type Environment } from './secret.ts';
import { readStore, type StoreLocation } from './store.ts';
import { readSystems, type SystemConfig } from './systems.ts';
import type { ImportedVendors } from './vendors.ts';

/** All settings, validated. */
export interface Config {
  server: ServerConfig;
  /** Null: every local user has full access, and Jobyard listens on loopback only. */
  access: AccessSettings;
  limits: Limits;
  audit: AuditConfig;
  bulk: BulkConfig;
  store: StoreLocation;
  log: LogConfig;
  /** Whether the environment names a collector for OpenTelemetry traces. */
  tracing: boolean;
  /** The proxies for requests to vendors and the identity provider. Null: direct connections. */
  proxy: ProxySettings | null;
  /** Null: none are configured, so Jobyard uses sandboxes. */
  systems: SystemConfig[] | null;
}

export interface ServerConfig {
  host: string;
  port: number;
  /** The maximum time for a GraphQL operation, including vendor requests. */
  deadlineMs: number;
  /** `origins`: the origins of other pages that may call Jobyard, over HTTP, event streams, and WebSockets. */
  cors: { origins: string[] };
  /** The SDL that gateways get from `_service`: `full` with the directives for access and cost, `core` without. */
  sdlProfile: 'core' | 'full';
  /** Whether the console is served at /console. */
  console: boolean;
  /** Whether the playground is served at / and /playground. */
  playground: boolean;
  /** The key that signs list cursors, the same on all replicas. Null: a random key, kept in the store. */
  cursorKey: string | null;
  /** A request or response that makes no progress for this long ends its connection. */
  stalledTimeoutMs: number;
  /** How long an idle connection stays open. */
  keepAliveTimeoutMs: number;
  /** How long a stopping server still accepts requests, with /readyz at 503. */
  drainMs: number;
}

export interface AuditConfig {
  /** The file that audit log entries are appended to. Null: standard output. */
  file: string | null;
  /** How long events are kept. */
  retentionDays: number;
  /** When an accepted cancellation becomes overdue if its job hasn't ended. */
  overdueAfterMs: number;
}

export interface BulkConfig {
  /** How long bulk operations and their items are kept after they end. */
  retentionDays: number;
}

export interface LogConfig {
  /** The lowest level that is logged. */
  level: (typeof logLevels)[number];
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const anOrigin = 'expected an origin such as https://console.example';

/** A time in whole milliseconds. */
function milliseconds(min: number, max: number) {
  const expected = `expected ${min} to ${max} milliseconds`;
  return z.int(expected).min(min, expected).max(max, expected);
}

/** The keys of `server` that aren't secret: the address, and the times of connections and operations. */
const serverShape = {
  host: z.string(aHost).min(1, aHost).default('127.0.0.1'),
  port: portSchema.default(4000),
  deadlineMs: milliseconds(1000, 300_000).default(25_000),
  cors: z
    .strictObject({ origins: z.array(z.string(anOrigin).refine((text) => URL.parse(text)?.origin === text, anOrigin)).default([]) })
    .default({ origins: [] }),
  sdlProfile: z.enum(['core', 'full'], 'expected core or full').default('core'),
  console: z.boolean('expected true or false').default(true),
  playground: z.boolean('expected true or false').default(true),
  stalledTimeoutMs: milliseconds(100, 300_000).default(20_000),
  keepAliveTimeoutMs: milliseconds(100, 3_600_000).default(72_000),
  drainMs: milliseconds(0, 3_600_000).default(0),
};

/** The default of the key `server`. */
export const defaultServer: ServerConfig = { ...z.strictObject(serverShape).parse({}), cursorKey: null };

/** The key `server`. `secret` reads a value from the environment or a file. */
export const createServerSchema = (secret: z.ZodType<string>) =>
  z.strictObject({
    ...serverShape,
    cursorKey: secret
      .pipe(
        z
          .string()
          .refine((key) => key.length >= 32, { error: 'expected at least 32 characters, got fewer', params: { includesValue: true } }),
      )
      .optional()
      .transform((key) => key ?? null),
  });

const aRetention = 'expected 1 to 36500 days';
const retentionSchema = z.int(aRetention).min(1, aRetention).max(36_500, aRetention);
const anOverdueTime = 'expected 1000 to 86400000 milliseconds';

/** The key `audit`: the audit log and the stored events. */
export const auditSchema = z.strictObject({
  file: z
    .string('expected a path')
    .min(1, 'expected a path')
    .optional()
    .transform((file) => file ?? null),
  retentionDays: retentionSchema.default(365),
  overdueAfterMs: z.int(anOverdueTime).min(1000, anOverdueTime).max(86_400_000, anOverdueTime).default(600_000),
});

/** The key `bulk`: bulk operations. */
export const bulkSchema = z.strictObject({ retentionDays: retentionSchema.default(90) });

/** The key `log`. */
export const logSchema = z.strictObject({ level: z.enum(logLevels, `expected one of ${logLevels.join(', ')}`).default('info') });

const topKeys = ['server', 'access', 'limits', 'audit', 'bulk', 'store', 'log', 'systems'];

/** What a configuration is made of, not yet validated. */
export interface ConfigSources {
  flags: Flags;
  environment: Environment;
  /** As named. Null: no file is named. */
  file: string | null;
  /** The top level of the file. */
  top: Record<string, unknown>;
}

/** Reads the command line, and the file that it or JOBYARD_CONFIG names. */
export function openConfig(commandLine: readonly string[], environment: Environment): ConfigSources | { errors: ConfigError[] } {
  const flags = readFlags(commandLine);
  if ('errors' in flags) return flags;
  // An empty variable counts as not set. An empty option is an error, as starting sandboxes instead would hide it.
  const file = flags.config ?? (environment.JOBYARD_CONFIG || null);
  const contents = file === null ? { value: {} } : readConfigFile(file, topKeys);
  return 'errors' in contents ? contents : { flags, environment, file, top: contents.value };
}

/** Validates all settings. */
export function toConfig({ flags, environment, file, top }: ConfigSources, imported: ImportedVendors): Config | { errors: ConfigError[] } {
  const errors: ConfigError[] = [];
  const place = file === null ? '' : `${file}: `;
  for (const key of Object.keys(top)) if (!topKeys.includes(key)) errors.push(`${place}${key}: unknown key${suggest(key, topKeys)}`);
  const read = <T>(key: string, schema: z.ZodType<T>, knownKeys: readonly string[]): T | null => {
    const parsed = schema.safeParse(top[key] ?? {});
    if (!parsed.success) errors.push(...toConfigErrors(parsed.error, place + key, top[key], knownKeys));
    return parsed.success ? parsed.data : null;
  };

  const secret = createSecretSchema(environment);
  const serverSchema = createServerSchema(secret);
  const fileServer = read('server', serverSchema, Object.keys(serverSchema.shape)) ?? serverSchema.parse({});
  const server = {
    ...fileServer,
    host: flags.host || environment.HOST || fileServer.host,
    port: readPort(flags, environment, errors) ?? fileServer.port,
  };
  const access = top.access === undefined ? null : read('access', accessSchema, accessKeys);
  if (top.access === undefined && !isLoopback(server.host)) {
    errors.push(
      `${place}server.host: expected a loopback address (127.0.0.1, ::1, localhost) without access control, got "${server.host}"; configure the key access to listen elsewhere`,
    );
  }
  const limits = read('limits', limitsSchema, Object.keys(limitsSchema.shape));
  const audit = read('audit', auditSchema, Object.keys(auditSchema.shape));
  const bulk = read('bulk', bulkSchema, Object.keys(bulkSchema.shape));
  const log = read('log', logSchema, ['level']);
  const store = readStore(flags, environment, file === null ? null : { value: top.store, place: `${place}store` }, errors);
  const systems = file === null ? null : readSystems(top.systems, `${place}systems`, { secret, imported }, errors);
  const proxy = readProxy(environment, errors);
  if (access) errors.push(...findForeignSystems(access, top.systems, place));
  if (errors.length > 0 || !limits || !audit || !bulk || !log || !store) return { errors };
  const introspection = limits.introspection ?? environment.NODE_ENV !== 'production';
  const collector = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = Boolean(collector) && environment.OTEL_SDK_DISABLED !== 'true';
  return { server, access, limits: { ...limits, introspection }, audit, bulk, log, store, tracing, proxy, systems };
}

/** Systems that API keys are limited to but that don't exist: such a key would silently grant less than intended. */
function findForeignSystems({ apiKeys }: NonNullable<AccessSettings>, systems: unknown, place: string): ConfigError[] {
  const entries: readonly unknown[] = Array.isArray(systems) ? systems : [];
  const ids = entries.flatMap((entry) => (typeof entry === 'object' && entry !== null && 'id' in entry ? String(entry.id) : []));
  return apiKeys.flatMap(({ grants }, index) => {
    const named = new Set(grants.flatMap((grant) => grant.systems ?? []));
    return Array.from(
      named.difference(new Set(ids)),
      (id) => `${place}access.apiKeys[${index}]: expected a configured system, got "${id}"${suggest(id, ids)}`,
    );
  });
}

function readPort(flags: Flags, environment: Environment, errors: ConfigError[]): number | null {
  let port: number | null = null;
  for (const [name, value] of [
    ['PORT', environment.PORT],
    ['--port', flags.port],
  ] as const) {
    if (value === undefined || value === '') continue;
    const parsed = portSchema.safeParse(value);
    if (parsed.success) port = parsed.data;
    else errors.push(`${name}: ${aPort}, got "${value}"`);
  }
  return port;
}
