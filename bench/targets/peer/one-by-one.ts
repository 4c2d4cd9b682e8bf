import { splitId } from '../shared/job-id.ts';
import type { JobAccess } from './resolvers.ts';
import { cancelAodocs, cancelKinetica, cancelVault, discardKylin, listKinetica, readAodocs, readKylin, readVault } from './vendors.ts';

/** One fetch for each id. */
export const oneByOne: JobAccess = {
  async readJob(id) {
    const [systemId, vendorId] = splitId(id);
    switch (systemId) {
      case 'kinetica':
        return (await listKinetica()).find((job) => job.vendorId === vendorId);
      case 'veeva-vault':
        return readVault(vendorId);
      case 'kylin':
        return readKylin(vendorId);
      case 'aodocs':
        return readAodocs(vendorId);
    }
  },
  async cancelJob(id) {
    const [systemId, vendorId] = splitId(id);
    switch (systemId) {
      case 'kinetica':
        return (await cancelKinetica([vendorId]))[0] ? statusOf(id) : null;
      case 'veeva-vault':
        return (await cancelVault([vendorId]))[0] ? 'CANCELLING' : null;
      case 'kylin':
        return (await discardKylin([vendorId]))[0] ? statusOf(id) : null;
      case 'aodocs':
        return (await cancelAodocs(vendorId)).status;
    }
    return null;
  },
};

async function statusOf(id: string): Promise<string | null> {
  return (await oneByOne.readJob(id))?.status ?? null;
}
