import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Jobyard, startJobyard } from '../src/app.ts';
import type { Clock } from '../src/concurrency/clock.ts';
import type { AccessSettings } from '../src/config/access.ts';
import { type AuditConfig, defaultServer, type ServerConfig } from '../src/config/config.ts';
import { type Limits, limitsSchema } from '../src/config/limits.ts';
import { configureSandbox, type SystemConfig } from '../src/config/systems.ts';
import type { AuditOutput } from '../src/history/audit-output.ts';
import type { Store } from '../src/store/store.ts';
import { vendors } from '../src/vendors/index.ts';
import { createUnavailableStore } from './unavailable-store.ts';
import type { SandboxTypes, VendorName } from './vendors/contract.ts';
import { subjects, vendorNames } from './vendors/subjects.ts';

/** A sandbox's system has its vendor's name. */
export type SystemName = VendorName;
export type Sandboxes = SandboxTypes;

/** The systems of tests about all vendors. */
export const systemNames = vendorNames;
/** The systems of tests whose figures are for exactly these. */
export const fourSystems = ['kinetica', 'veeva-vault', 'kylin', 'aodocs'] as const satisfies SystemName[];

/** A value for each system. `names`: those that the test has, and names no others of. */
export function forEachSystem<Value>(
  create: (system: SystemName) => Value,
  names: readonly SystemName[] = systemNames,
): Record<SystemName, Value> {
  return Object.fromEntries(names.map((system) => [system, create(system)])) as Record<SystemName, Value>;
}

/** The systems that have these sandboxes. */
export function namesOf(sandboxes: Partial<Sandboxes>): SystemName[] {
  return Object.keys(sandboxes) as SystemName[];
}

/** A fresh sandbox of each of these vendors, on free ports; no new jobs arrive by themselves. */
export async function startSandboxes(jobs = 40, names: readonly SystemName[] = systemNames): Promise<Sandboxes> {
  const started = names.map(async (name) => {
    const vendor = vendors.find((each) => each.name === name);
    if (!vendor) throw new Error(`No vendor is named ${name}`);
    return [name, await vendor.startSandbox({ jobs, switches: { arrivals: false } })];
  });
  // The registry's sandboxes have no types of their own. Tests with fewer systems name no others.
  return Object.fromEntries(await Promise.all(started)) as Sandboxes;
}

/** A Jobyard over fresh sandboxes; a system's ID is its vendor's name. */
export interface WithSandboxes extends Jobyard {
  /** Those of `systems`. */
  sandboxes: Sandboxes;
  /** Posts an operation. Returns the whole response. */
  query(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<GraphqlAnswer>;
  /** Where the audit is written. */
  auditFile: string;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of whatever the test asked for
export type GraphqlAnswer = { data: any; errors?: { message: string; path?: unknown[]; extensions: { code: string } }[] };

export interface StartOptions {
  /** Default: all vendors of the registry. */
  systems?: readonly SystemName[];
  jobs?: number;
  deadlineMs?: number;
  access?: AccessSettings;
  limits?: Partial<Limits>;
  server?: Partial<ServerConfig>;
  audit?: Partial<AuditConfig>;
  /** Takes the audit's lines in the place of the file. */
  auditOutput?: AuditOutput;
  /** Closed with the Jobyard. Default: an unavailable store. */
  store?: Store;
  /** Called with each log line. Default: nothing is logged. */
  log?: (line: string) => void;
  /** How often a bulk operation tries again what a system could not take. Default: twice, after a second. */
  bulkRetry?: NonNullable<Parameters<typeof startJobyard>[0]['bulkRetry']>;
  allowedOrigins?: string[];
  /** What cursors are signed with. Default: a random key. */
  cursorKey?: string;
  clock?: Clock;
  /** Changes a system's configuration before it is connected. */
  change?: (system: SystemConfig) => SystemConfig;
}

/** For `change`: jobs are read one by one, such as Vault's, as where it accepts no queries about jobs: each once in 10 seconds. */
export function readOneByOne(system: SystemConfig): SystemConfig {
  const { oneByOne } = subjects[system.vendor.name as SystemName].reads;
  return oneByOne ? { ...system, settings: oneByOne(system.settings as object) } : system;
}

export async function startWithSandboxes(options: StartOptions = {}): Promise<WithSandboxes> {
  const { jobs, deadlineMs = 25_000, access = null, limits = {}, allowedOrigins = [] } = options;
  const { store = createUnavailableStore(), change = (system) => system } = options;
  const sandboxes = await startSandboxes(jobs, options.systems);
  const systems = Object.values(sandboxes).map((sandbox) => {
    const system = configureSandbox(sandbox);
    return change({ ...system, title: system.vendor.title });
  });
  const folder = await mkdtemp(join(tmpdir(), 'jobyard-'));
  const auditFile = join(folder, 'audit.jsonl');
  const jobyard = await startJobyard(
    {
      server: {
        ...defaultServer,
        port: 0,
        deadlineMs,
        cors: { origins: allowedOrigins },
        cursorKey: options.cursorKey ?? null,
        ...options.server,
      },
      access,
      limits: { ...limitsSchema.parse({}), introspection: true, ...limits },
      audit: { file: auditFile, retentionDays: 365, overdueAfterMs: 600_000, ...options.audit },
      bulk: { retentionDays: 90 },
      proxy: null,
      ...(options.auditOutput && { auditOutput: options.auditOutput }),
      store,
      systems,
      bulkRetry: options.bulkRetry ?? { times: 2, delaySeconds: 1, maxDelaySeconds: 1 },
    },
    options.log ? pino({}, { write: options.log }) : pino({ level: 'silent' }),
    options.clock,
  );
  return {
    ...jobyard,
    sandboxes,
    auditFile,
    async query(query, variables = {}, headers = {}) {
      const response = await fetch(`${jobyard.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphqlAnswer;
    },
    async close() {
      await jobyard.close();
      await Promise.all(Object.values(sandboxes).map((sandbox) => sandbox.close()));
      await rm(folder, { recursive: true });
    },
  };
}
