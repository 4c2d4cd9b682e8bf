// The package's export `jobyard`: to run Jobyard inside of another program.

export type { Jobyard, ReloadableSettings } from '../app.ts';
export type { Config } from '../config/config.ts';
export type { ConfigError } from '../config/config-errors.ts';
export { createConfigSchema } from '../config/json-schema.ts';
export { loadConfig } from '../config/load-config.ts';
export type { Environment } from '../config/secret.ts';
export { type Profile, printSdl } from '../graphql/type-definitions.ts';
export { type StartedJobyard, type StartOptions, start } from '../start.ts';
export { version } from '../version.ts';
