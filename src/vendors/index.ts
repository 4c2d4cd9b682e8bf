// Vendors: one folder each, with an adapter and a sandbox. This list is the registry: a new vendor is one line here.

import { airflow } from './airflow/index.ts';
import { aodocs } from './aodocs/index.ts';
import { kinetica } from './kinetica/index.ts';
import { kylin } from './kylin/index.ts';
import { veevaVault } from './veeva-vault/index.ts';
import type { SandboxedVendor } from './vendor.ts';

/** The vendors that Jobyard supports. The sandboxes' ports follow this order. */
export const vendors: readonly SandboxedVendor[] = [aodocs, kinetica, kylin, veevaVault, airflow];
