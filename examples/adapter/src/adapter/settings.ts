import { isHeaderSafe } from 'jobyard/adapter';
import { z } from 'zod';

/** The keys of a Nightrun system in jobyard.yaml, besides those that systems of all vendors have. */
export interface NightrunSettings {
  token: string;
}

/** `secret` reads a value from the environment or a file, so that the configuration contains no secrets. */
export function createSettingsSchema(secret: z.ZodType<string>): z.ZodType<NightrunSettings> {
  return z.strictObject({
    token: secret.refine(isHeaderSafe, {
      error: 'expected a token of visible ASCII characters, got something else',
      // The message replaces the usual one, which shows the value.
      params: { includesValue: true },
    }),
  });
}
