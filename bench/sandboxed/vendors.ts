import { startAodocsSandbox } from '../../src/vendors/aodocs/sandbox/index.ts';
import { vendors } from '../../src/vendors/index.ts';
import { startKineticaSandbox } from '../../src/vendors/kinetica/sandbox/index.ts';
import { startKylinSandbox } from '../../src/vendors/kylin/sandbox/index.ts';
import { startVeevaVaultSandbox } from '../../src/vendors/veeva-vault/sandbox/index.ts';

/** The vendors' process: sandboxes with so many jobs that can be cancelled. */
export interface VendorsReady {
  systems: { id: string; url: string; settings: Record<string, unknown> }[];
}

const jobs = Number(process.argv[2]);
const burstLimit = process.argv[3] === undefined ? {} : { burstLimit: Number(process.argv[3]) };
const options = { jobs: 0, switches: { arrivals: false } };
const atMs = Date.now() - 3_600_000;
const [kinetica, vault, kylin, aodocs] = await Promise.all([
  startKineticaSandbox(options),
  startVeevaVaultSandbox({ ...options, switches: { ...options.switches, ...burstLimit } }),
  startKylinSandbox(options),
  startAodocsSandbox(options),
]);
// Kinetica lists all its jobs for each read: no cluster runs tens of thousands.
const ofKinetica = Math.min(500, Math.ceil(jobs / 4));
for (let index = 0; index < ofKinetica; index += 1) kinetica.state.addJob({ receivedAtMs: atMs });
for (let index = ofKinetica; index < jobs; index += 1) {
  if (index % 3 === 0) vault.state.addJob({ status: 'QUEUED', frozen: true, createdAtMs: atMs });
  else if (index % 3 === 1)
    kylin.state.addJob({ state: 'RUNNING', project: 'retail', createTime: atMs, startTime: atMs + 1, runMs: 24 * 3_600_000 });
  else aodocs.state.addJob({ status: 'IN_PROGRESS', startedAtMs: atMs, lastActivityAtMs: atMs });
}
const sandboxes = [kinetica, vault, kylin, aodocs];
process.on('disconnect', () => process.exit());
process.send?.({
  systems: vendors.flatMap(({ name }) =>
    sandboxes.filter(({ vendor }) => vendor === name).map(({ url, settings }) => ({ id: name, url, settings })),
  ),
} satisfies VendorsReady);
