import DataLoader from 'dataloader';
import { splitId } from '../shared/job-id.ts';
import type { Job } from '../shared/jobs.ts';
import type { JobAccess } from './resolvers.ts';
import { cancelAodocs, cancelKinetica, cancelVault, discardKylin, listKinetica, readAodocs, readKylin, readVault } from './vendors.ts';

/** For one request: a batch of ids is one call where the vendor has such a call, else one call each. */
export function createLoaders(): JobAccess {
  const jobs = new DataLoader<string, Job | undefined>((ids) => loadBySystem(ids, readers));
  const cancels = new DataLoader<string, Cancel | undefined>((ids) => loadBySystem(ids, cancellers));
  return {
    readJob: (id) => jobs.load(id),
    async cancelJob(id) {
      const cancel = await cancels.load(id);
      if (cancel !== 'read again') return cancel ?? null;
      return (await jobs.clear(id).load(id))?.status ?? null;
    },
  };
}

type Batch<Value> = (vendorIds: string[]) => Promise<readonly Value[]>;

const readers: Record<string, Batch<Job | undefined>> = {
  async kinetica(ids) {
    const jobs = new Map((await listKinetica()).map((job) => [job.vendorId, job]));
    return ids.map((id) => jobs.get(id));
  },
  'veeva-vault': (ids) => Promise.all(ids.map(readVault)),
  kylin: (ids) => Promise.all(ids.map(readKylin)),
  aodocs: (ids) => Promise.all(ids.map(readAodocs)),
};

/** The status of the job; null: the vendor rejected the action. */
type Cancel = string | null;

const maxOfVault = 500;

const cancellers: Record<string, Batch<Cancel>> = {
  kinetica: async (ids) => (await cancelKinetica(ids)).map((taken) => (taken ? 'read again' : null)),
  async 'veeva-vault'(ids) {
    const groups = Array.from({ length: Math.ceil(ids.length / maxOfVault) }, (_, index) =>
      ids.slice(index * maxOfVault, (index + 1) * maxOfVault),
    );
    return (await Promise.all(groups.map(cancelVault))).flat().map((taken) => (taken ? 'CANCELLING' : null));
  },
  kylin: async (ids) => (await discardKylin(ids)).map((taken) => (taken ? 'read again' : null)),
  aodocs: (ids) => Promise.all(ids.map(async (id) => (await cancelAodocs(id)).status)),
};

async function loadBySystem<Value>(ids: readonly string[], batches: Record<string, Batch<Value>>): Promise<(Value | undefined)[]> {
  const bySystem = Map.groupBy(ids, (id) => splitId(id)[0]);
  const values = new Map<string, Value | undefined>();
  await Promise.all(
    Array.from(bySystem, async ([systemId, ofSystem]) => {
      const loaded = await batches[systemId]?.(ofSystem.map((id) => splitId(id)[1]));
      ofSystem.forEach((id, index) => {
        values.set(id, loaded?.[index]);
      });
    }),
  );
  return ids.map((id) => values.get(id));
}
