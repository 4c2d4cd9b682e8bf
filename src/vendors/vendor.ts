import type { z } from 'zod';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { RunningSandbox, Sandbox, SandboxOptions } from '../sandbox-kit/sandbox.ts';
import { redactAdapter } from '../secrets/redacted-adapter.ts';
import { createRedactor, type Redactor } from '../secrets/redactor.ts';
import type { TransportSettings } from '../transport/transport-settings.ts';

/** The version of the adapter contract. It changes only if adapters for an earlier version no longer work. */
export const contractVersion = 1;

/** The `urlSchemes` of a vendor that doesn't name any. */
export const httpSchemes: readonly string[] = ['http', 'https'];

/**
 * A vendor: its settings, its adapter and its sandbox. Jobyard's own are in index.ts; the configuration names the module of any other one,
 * which exports it by default.
 */
export interface Vendor<Settings = unknown> {
  /** The version of the contract that the adapter is written for. Jobyard starts only with adapters for its own version. */
  contractVersion: typeof contractVersion;
  /** Its name in `JobSystem.vendor` and, for Jobyard's own vendors, in the configuration. Of the form `[a-z][a-z0-9-]*`. */
  name: string;
  /** The name that people read. */
  title: string;
  /** The schema of the vendor's own keys of a system in jobyard.yaml. `secret` reads a value from the environment or a file. */
  settings(secret: z.ZodType<string>, credentials?: CredentialSource): z.ZodType<Settings>;
  /**
   * Each text of the settings that must not leave the process: secrets, and what requests make of them, such as `user:password` for HTTP
   * Basic. Undefined: not configured. Jobyard removes them from everything that the adapter returns, in every known form (see src/secrets).
   */
  secrets(settings: Settings): readonly (string | undefined)[];
  /** Whether requests can carry the caller's own credential (`call.credential`) instead of the configured ones. */
  offersPassthrough: boolean;
  /** The schemes that `url` can have, such as `redis`. Empty: systems of this vendor have no `url`. Default: `http` and `https`. */
  urlSchemes?: readonly string[];
  /** The values of keys that the configuration leaves out. */
  defaults: { concurrency: number; timeoutMs: number };
  /** Connects nothing: the system may be unavailable. The core calls the adapter's functions without `this`. */
  createAdapter(system: SystemSettings, settings: Settings): JobSystemAdapter;
  /** Default: the vendor has no sandbox. */
  startSandbox?(options?: SandboxOptions<unknown>): Promise<RunningSandbox>;
}

/** A vendor whose sandbox is an HTTP server, made with the sandbox kit. */
export interface SandboxedVendor<Settings = unknown> extends Vendor<Settings> {
  startSandbox(options?: SandboxOptions<unknown>): Promise<Sandbox>;
}

/** Whose credentials a system's requests carry: the configured ones, or those that each caller sends. */
export type CredentialSource = 'configured' | 'passthrough';

/** The settings that systems of all vendors have. */
export interface SystemSettings {
  /** Its name in the configuration and in messages. */
  id: string;
  /** As configured, with one of the vendor's schemes. Empty if the vendor's systems have none. */
  url: string;
  transport: TransportSettings;
  /** The secrets of all systems, as one system may show another's. Default: only those of this system. */
  redactor?: Redactor;
}

/** The caller of a system with `credentials: passthrough` sent no credential. Jobyard sent nothing to the vendor. */
export function credentialMissing(systemId: string): Problem {
  const message = `${systemId} requires your own credential. Send it in the header x-jobyard-credential-${systemId}.`;
  return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
}

/** Whether a header can contain this secret: visible ASCII characters only. */
export function isHeaderSafe(secret: string): boolean {
  return /^[\x21-\x7e]+$/.test(secret);
}

/** The caller's own credential is unusable, for example because the header was sent twice. Jobyard sent nothing to the vendor. */
export function unusableCredential(systemId: string): Problem {
  return createProblem(
    'VENDOR_AUTHENTICATION_FAILED',
    `Not sent to ${systemId}: the header x-jobyard-credential-${systemId} contains no usable credential.`,
  );
}

const definedVendor = Symbol.for('jobyard.vendor');

/** Whether the value comes from `defineVendor`, perhaps of another copy of this module. */
export function isDefinedVendor(value: unknown): value is Vendor {
  return typeof value === 'object' && value !== null && definedVendor in value;
}

/** Makes a vendor that Jobyard can use. Its adapters return no secrets. */
export function defineVendor<Settings>(vendor: SandboxedVendor<Settings>): SandboxedVendor;
export function defineVendor<Settings>(vendor: Vendor<Settings>): Vendor;
export function defineVendor<Settings>(vendor: Vendor<Settings>): Vendor {
  const defined: Vendor<Settings> & { [definedVendor]: true } = {
    ...vendor,
    [definedVendor]: true,
    createAdapter(system, settings) {
      const { redactor = createRedactor() } = system;
      for (const secret of vendor.secrets(settings)) if (secret !== undefined) redactor.add(secret);
      const { learnFrom = (_source, secret) => redactor.learn(secret) } = redactor;
      const transport: TransportSettings = {
        ...system.transport,
        learnSecret: (secret) => learnFrom(`${system.id} session`, secret),
        learnCookie: (value) => learnFrom(`${system.id} cookie`, value),
      };
      return redactAdapter(system.id, vendor.createAdapter({ ...system, transport }, settings), redactor);
    },
  };
  // The list has vendors with different settings types, and only the vendor itself uses its own.
  return defined as Vendor;
}
