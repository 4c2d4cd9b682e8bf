import { z } from 'zod';

/** Veeva Vault's own keys of a system in jobyard.yaml. */
export interface VaultSettings {
  /** The API version of all calls. A version, once published, does not change; Cancel Job came with v25.3. */
  version: string;
  username: string;
  password: string;
}

const versionPattern = /^v(\d{2})\.([1-3])$/;

export function createSettingsSchema(secret: z.ZodType<string>): z.ZodType<VaultSettings> {
  return z.strictObject({
    version: z.string().regex(versionPattern, 'expected an API version such as v26.1').default('v26.1'),
    username: z.string().min(1),
    password: secret,
  });
}

/** Cancel Job is in the references of 25.3 and later. */
export function hasCancelJob(version: string): boolean {
  const [, year, release] = versionPattern.exec(version) ?? [];
  return Number(year) * 10 + Number(release) >= 253;
}
