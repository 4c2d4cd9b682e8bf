import { defineConfig } from '@graphql-hive/gateway';

/** Hive Gateway with its defaults, without its log of each start. */
export const gatewayConfig = defineConfig({ logging: 'warn' });
