import type { startKylinSandbox } from '../../../src/vendors/kylin/sandbox/index.ts';
import type { Simulation } from '../contract.ts';

export type KylinSandbox = Awaited<ReturnType<typeof startKylinSandbox>>;

export const simulation: Simulation<KylinSandbox> = {
  pickSwitches: (random) => ({
    cluster: random.pick(['oneNode', 'twoNodes']),
    errorShape: random.pick(['source', 'documented']),
    listShape: random.pick(['source', 'documented']),
  }),
  addJob: ({ state }, random) =>
    state.addJob({
      state: random.pick(['RUNNING', 'RUNNING', 'RUNNING', 'READY', 'PAUSED', 'ERROR', 'SUCCEED', 'DISCARDED']),
      project: random.pick(['retail', 'finance']),
      runMs: random.integer(10, 900) * 1_000,
    }),
  words: ({ state }) => new Map(Array.from(state.jobs(), ({ id, state: word }) => [id, word])),
  endJob: ({ state }, vendorId) => void state.moveJob(vendorId, 'SUCCEED'),
  cancelJob: ({ state }, vendorId) => void state.moveJob(vendorId, 'DISCARDED'),
  overrule({ state }, vendorId) {
    if (state.getJob(vendorId)?.state === 'DISCARDED') state.changeJob(vendorId, { state: 'SUCCEED' });
  },
  restart: ({ state }) => state.expireSessions(),
  endWords: ['DISCARDED', 'SUCCEED'],
  showsWords: false,
  cancelsInVain: false,
};
