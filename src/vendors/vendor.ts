import type { z } from 'zod';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { Sandbox, SandboxOptions } from '../sandbox-kit/sandbox.ts';
import { redactAdapter } from '../secrets/redacted-adapter.ts';
import { createRedactor, type Redactor } from '../secrets/redactor.ts';
import type { TransportSettings } from '../transport/transport-settings.ts';

/** Everything Jobyard knows about one vendor. A new vendor is a folder that exports one of these, and a line in index.ts. */
export interface Vendor<Settings = unknown> {
  /** The word for it in the configuration and in `JobSystem.vendor`. */
  name: string;
  /** For people. */
  title: string;
  /** The vendor's own keys of a system in jobyard.yaml. `secret` reads a value from the environment or a file. */
  settings(secret: z.ZodType<string>, credentials?: CredentialSource): z.ZodType<Settings>;
  /**
   * Every text of the settings that must not leave the process: each secret, and what requests make of it, as `user:password` for HTTP Basic.
   * Undefined: not configured. They are taken out of whatever the adapter returns, in every form that is known (see src/secrets).
   */
  secrets(settings: Settings): readonly (string | undefined)[];
  /** Whether it can take the caller's own credential (`call.credential`) in the place of configured ones. */
  offersPassthrough: boolean;
  /** What holds where the configuration is silent. */
  defaults: { concurrency: number; timeoutMs: number };
  createAdapter(system: SystemSettings, settings: Settings): JobSystemAdapter;
  startSandbox(options?: SandboxOptions<unknown>): Promise<Sandbox>;
}

/** Whose credentials a system's requests carry: those of the configuration, or those that each caller sends along. */
export type CredentialSource = 'configured' | 'passthrough';

/** What every system has, whatever its vendor. */
export interface SystemSettings {
  /** Its name in the configuration; also names it in messages. */
  id: string;
  /** As configured: an http or https URL. */
  url: string;
  transport: TransportSettings;
  /** Keeps the secrets of all systems, as one system may show another's. Default: of this one alone. */
  redactor?: Redactor;
}

/** A caller of a system with `credentials: passthrough` sent none. Nothing was sent to the vendor. */
export function credentialMissing(systemId: string): Problem {
  const message = `${systemId} is asked with your own credential: send it as the header x-jobyard-credential-${systemId}.`;
  return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
}

/** Whether a secret can stand in a header: visible ASCII characters. */
export function isHeaderSafe(secret: string): boolean {
  return /^[\x21-\x7e]+$/.test(secret);
}

/** A caller's own credential that is none, as a header sent twice is; nothing was sent to the vendor. */
export function unusableCredential(systemId: string): Problem {
  return createProblem(
    'VENDOR_AUTHENTICATION_FAILED',
    `Not sent to ${systemId}: the header x-jobyard-credential-${systemId} holds no usable credential.`,
  );
}

/** The vendor for the list of vendors of all kinds. Nothing that its adapters return holds a secret. */
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
  // Its own settings type is its own business.
  return defined as Vendor;
}
