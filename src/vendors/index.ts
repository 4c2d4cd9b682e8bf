import { aodocs } from './aodocs/adapter/index.ts';
import { kinetica } from './kinetica/adapter/index.ts';
import { kylin } from './kylin/adapter/index.ts';
import { veevaVault } from './veeva-vault/adapter/index.ts';
import type { Vendor } from './vendor.ts';

/** The vendors Jobyard can speak to; the order is that of the sandboxes' ports. */
export const vendors: readonly Vendor[] = [aodocs, kinetica, kylin, veevaVault];
