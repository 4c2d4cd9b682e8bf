import type { z } from 'zod';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { Sandbox, SandboxOptions } from '../sandbox-kit/sandbox.ts';
import { redactAdapter } from '../secrets/redacted-adapter.ts';
import { createRedactor, type Redactor } from '../secrets/redactor.ts';
import type { TransportSettings } from '../transport/transport-settings.ts';

/** A vendor: its settings, its adapter and its sandbox. A new vendor is a folder that exports one of these, and a line in index.ts. */
export interface Vendor<Settings = unknown> {
  /** Its name in the configuration and in `JobSystem.vendor`. */
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
  /** The values of keys that the configuration leaves out. */
  defaults: { concurrency: number; timeoutMs: number };
  createAdapter(system: SystemSettings, settings: Settings): JobSystemAdapter;
  startSandbox(options?: SandboxOptions<unknown>): Promise<Sandbox>;
}

/** Whose credentials a system's requests carry: the configured ones, or those that each caller sends. */
export type CredentialSource = 'configured' | 'passthrough';

/** The settings that systems of all vendors have. */
export interface SystemSettings {
  /** Its name in the configuration and in messages. */
  id: string;
  /** As configured: an HTTP or HTTPS URL. */
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

/** Makes a vendor for the list of vendors. Its adapters return no secrets. */
export function defineVendor<Settings>(vendor: Vendor<Settings>): Vendor {
  const defined: Vendor<Settings> = {
    ...vendor,
    createAdapter(system, settings) {
      const { redactor = createRedactor() } = system;
      for (const secret of vendor.secrets(settings)) if (secret !== undefined) redactor.add(secret);
      const transport = { ...system.transport, learnSecret: redactor.learn };
      return redactAdapter(system.id, vendor.createAdapter({ ...system, transport }, settings), redactor);
    },
  };
  // The list has vendors with different settings types, and only the vendor itself uses its own.
  return defined as Vendor;
}
