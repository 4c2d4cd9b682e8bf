import type { Sandbox } from '../src/sandbox-kit/sandbox.ts';
import { vendors } from '../src/vendors/index.ts';
import { secretsReadBy } from './secrets/secrets-read-by.ts';

/** A system as in jobyard.yaml. */
export interface ConfiguredSystem {
  id: string;
  vendor: string;
  url: string;
  [key: string]: unknown;
}

/** The systems of a configuration file, and the environment variables with their secrets. */
export interface ConfiguredSystems {
  systems: ConfiguredSystem[];
  environment: Record<string, string>;
}

/** One system for each sandbox, named like its vendor. `common`: further keys of each. */
export function configureSystems(
  sandboxes: readonly Pick<Sandbox, 'vendor' | 'url' | 'settings'>[],
  common: object = {},
): ConfiguredSystems {
  const environment: Record<string, string> = {};
  const systems = sandboxes.map(({ vendor, url, settings }) => {
    const secrets = secretsOf(vendor, settings);
    const own = Object.entries(settings).map(([key, value]) => {
      if (typeof value !== 'string' || !secrets.includes(value)) return [key, value];
      const variable = `${vendor}_${key}`.replace(/[^A-Za-z]/g, '_').toUpperCase();
      environment[variable] = value;
      return [key, { env: variable }];
    });
    return { id: vendor, vendor, url, ...common, ...Object.fromEntries(own) };
  });
  return { systems, environment };
}

/** The secrets in the settings of a vendor's sandbox, as plain text. */
export function secretsOf(vendorName: string, settings: object): string[] {
  const vendor = vendors.find(({ name }) => name === vendorName);
  if (!vendor) throw new Error(`No vendor is named ${vendorName}`);
  return secretsReadBy(vendor, settings).read;
}
