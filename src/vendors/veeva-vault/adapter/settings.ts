import { z } from 'zod';
import type { CredentialSource } from '../../vendor.ts';
import { isTimeZone } from './dates.ts';

/** Veeva Vault's own keys of a system in jobyard.yaml. */
export interface VaultSettings {
  /** The API version of all requests. A published version does not change. Cancel Job requires v25.3. */
  version: string;
  /** Absent if each caller sends its own session ID. */
  username?: string | undefined;
  password?: string | undefined;
  /**
   * How Jobyard reads jobs by ID. `vql`: by queries, many jobs in two requests. `rest`: one by one, each job once in 10 seconds.
   * `auto`: by queries if the Vault accepts them for jobs, else by REST.
   */
  reads: 'auto' | 'rest' | 'vql';
  /** The Vault's time zone, an IANA name. The dates of scheduled jobs are in it. */
  timeZone: string;
}

const versionPattern = /^v(\d{2})\.([1-3])$/;

export function createSettingsSchema(secret: z.ZodType<string>, credentials: CredentialSource = 'configured'): z.ZodType<VaultSettings> {
  const version = z.string().regex(versionPattern, 'expected an API version such as v26.1').default('v26.1');
  const reads = z.enum(['auto', 'rest', 'vql'], 'expected auto, rest or vql').default('auto');
  const zoneMessage = 'expected the IANA name of a time zone such as America/New_York';
  const timeZone = z.string(zoneMessage).refine(isTimeZone, zoneMessage).default('UTC');
  if (credentials === 'passthrough') return z.strictObject({ version, reads, timeZone });
  return z.strictObject({ version, reads, timeZone, username: z.string('expected a user name').min(1), password: secret });
}

/** Cancel Job is in the references of 25.3 and later. */
export function hasCancelJob(version: string): boolean {
  return releaseOf(version) >= 253;
}

/** Repeated requests of Start Job use up only the current interval: documented from 26.2 on. */
export function mayRepeatStart(version: string): boolean {
  return releaseOf(version) >= 262;
}

/** v25.3 is 253. */
function releaseOf(version: string): number {
  const [, year, release] = versionPattern.exec(version) ?? [];
  return Number(year) * 10 + Number(release);
}
