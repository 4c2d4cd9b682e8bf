import type { startVeevaVaultSandbox } from '../../../src/vendors/veeva-vault/sandbox/index.ts';
import type { Simulation } from '../contract.ts';

export type VaultSandbox = Awaited<ReturnType<typeof startVeevaVaultSandbox>>;

export const simulation: Simulation<VaultSandbox> = {
  pickSwitches: (random) => ({
    cancelErrors: random.pick(['object', 'array']),
    allCancelsRejected: random.pick(['SUCCESS', 'FAILURE']),
    cancelRunning: random.pick(['by_job', 'always', 'never']),
    invalidSessionStatus: random.pick([200, 401]),
    warnings: random.chance(0.3),
  }),
  pickSettings: (random) => (random.chance(0.4) ? { reads: 'rest' } : {}),
  addJob: ({ state }, random) =>
    String(
      state.addJob({
        status: random.pick(['SCHEDULED', 'QUEUED', 'QUEUED', 'RUNNING', 'SUCCESS']),
        durationMs: random.integer(10, 600) * 1_000,
        waitMs: random.integer(1, 300) * 1_000,
        cancellableWhileRunning: random.chance(0.5),
      }),
    ),
  words: ({ state }) => new Map([...state.unfinished(), ...state.ended()].map(({ id, status }) => [String(id), status])),
  endJob({ state }, vendorId) {
    const job = state.job(Number(vendorId));
    // One that is being canceled only ends otherwise by `overrule`.
    if (job && !job.endedAtMs && !job.status.startsWith('CANCEL')) state.changeJob(Number(vendorId), { status: 'SUCCESS' });
  },
  cancelJob: ({ state }, vendorId) => void state.cancel(Number(vendorId), 1),
  overrule({ state }, vendorId) {
    if (state.job(Number(vendorId))?.status.startsWith('CANCEL')) state.changeJob(Number(vendorId), { status: 'SUCCESS' });
  },
  restart: ({ state }) => state.sessions.endAll(),
  endWords: ['CANCELLED', 'SUCCESS'],
  showsWords: true,
  cancelsInVain: false,
  exchangeEntries(body, exchange) {
    const answer = JSON.parse(body);
    return Array.isArray(answer.data) ? JSON.stringify({ ...answer, data: exchange(answer.data) }) : body;
  },
};
