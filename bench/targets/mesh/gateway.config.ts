import { defineConfig } from '@graphql-hive/gateway';

/** Hive Gateway as it comes; only what it says about each start is left out. */
export const gatewayConfig = defineConfig({ logging: 'warn' });
