import type { startAirflowSandbox } from '../../../src/vendors/airflow/sandbox/index.ts';
import { idOf } from '../../../src/vendors/airflow/sandbox/job.ts';
import type { Simulation } from '../contract.ts';
import { wordOf } from './true-word.ts';

export type AirflowSandbox = Awaited<ReturnType<typeof startAirflowSandbox>>;

export const simulation: Simulation<AirflowSandbox> = {
  pickSwitches: (random) => ({
    version: random.pick(['3.3', '3.3', '3.2.2', '3.1', '3.0']),
    maximumPageLimit: random.pick([100, 20]),
    missingTimes: random.pick(['postgres', 'sqlite', 'last']),
  }),
  addJob: ({ state }, random) =>
    state.addJob({
      dagId: random.pick(['etl_orders', 'etl_orders', 'train_model', 'wait_for_upload']),
      state: random.pick(['running', 'running', 'running', 'queued', 'success', 'failed']),
    }),
  words: ({ state }) => new Map(Array.from(state.jobs(), (run) => [idOf(run), wordOf(run)])),
  endJob: ({ state }, vendorId) => changeIf(state, vendorId, ['queued', 'running'], 'success'),
  cancelJob: ({ state }, vendorId) => changeIf(state, vendorId, ['queued', 'running'], 'failed'),
  overrule: ({ state }, vendorId) => changeIf(state, vendorId, ['canceled', 'CANCELLING'], 'success'),
  restart: ({ state }) => state.tokens.changeSecret(),
  endWords: ['success', 'canceled'],
  // Airflow's word for a canceled run is the one for a failed run.
  showsWords: false,
  cancelsInVain: false,
};

function changeIf(state: AirflowSandbox['state'], vendorId: string, from: readonly string[], to: 'success' | 'failed'): void {
  const run = state.getJob(vendorId);
  if (run && from.includes(wordOf(run))) state.markRun(vendorId, to);
}
