import { defineConfig } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

/** With the query planner of Hive Router, which is native code. */
export const gatewayConfig = defineConfig({ logging: 'warn', unifiedGraphHandler });
