import type { startAodocsSandbox } from '../../../src/vendors/aodocs/sandbox/index.ts';
import type { Simulation } from '../contract.ts';

export type AodocsSandbox = Awaited<ReturnType<typeof startAodocsSandbox>>;

export const simulation: Simulation<AodocsSandbox> = {
  pickSwitches: (random) => ({
    terminalCancel: random.pick(['strict', 'idempotent', 'conflict', 'badRequest']),
    int64: random.pick(['strings', 'numbers']),
    zeros: random.pick(['kept', 'omitted']),
  }),
  addJob: ({ state }, random) =>
    state.addJob({ status: random.pick(['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED', 'FAILED']) }),
  words: ({ state }) => new Map(state.jobs().map(({ jobId, status }) => [jobId, status])),
  endJob: (sandbox, vendorId) => changeFrom(sandbox, vendorId, 'IN_PROGRESS', 'COMPLETED'),
  cancelJob: (sandbox, vendorId) => changeFrom(sandbox, vendorId, 'IN_PROGRESS', 'CANCELLED'),
  overrule: (sandbox, vendorId) => changeFrom(sandbox, vendorId, 'CANCELLED', 'COMPLETED'),
  restart() {},
  endWords: ['CANCELLED', 'COMPLETED'],
  showsWords: true,
  cancelsInVain: false,
};

function changeFrom({ state }: AodocsSandbox, vendorId: string, from: string, to: string): void {
  if (state.job(vendorId)?.status === from) state.changeJob(vendorId, { status: to });
}
