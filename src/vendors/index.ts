import { aodocs } from './aodocs/index.ts';
import { kinetica } from './kinetica/index.ts';
import { kylin } from './kylin/index.ts';
import { veevaVault } from './veeva-vault/index.ts';
import type { Vendor } from './vendor.ts';

/** The vendors Jobyard can speak to; the order is that of the sandboxes' ports. */
export const vendors: readonly Vendor[] = [aodocs, kinetica, kylin, veevaVault];
