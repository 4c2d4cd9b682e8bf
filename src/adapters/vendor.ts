import type { z } from 'zod';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import type { TransportSettings } from '../transport/http-client.ts';

/** Everything Jobyard knows about one vendor. A new vendor is a folder that exports one of these, and a line in index.ts. */
export interface Vendor<Settings = unknown> {
  /** The word for it in the configuration and in `JobSystem.vendor`. */
  name: string;
  /** For people. */
  title: string;
  /** The vendor's own keys of a system in jobyard.yaml. `secret` reads a value from the environment or a file. */
  settings(secret: z.ZodType<string>): z.ZodType<Settings>;
  /** What holds where the configuration is silent. */
  defaults: { concurrency: number; timeoutMs: number };
  createAdapter(system: SystemSettings, settings: Settings): JobSystemAdapter;
  startSandbox(options?: SandboxOptions<unknown>): Promise<Sandbox>;
}

/** What every system has, whatever its vendor. */
export interface SystemSettings {
  /** Its name in the configuration; also names it in messages. */
  id: string;
  /** As configured: an http or https URL. */
  url: string;
  transport: TransportSettings;
}

/** Keeps a vendor's own settings type while vendors of all kinds share one list. */
export function defineVendor<Settings>(vendor: Vendor<Settings>): Vendor {
  return vendor as Vendor;
}
