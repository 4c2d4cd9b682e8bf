import type { KineticaSandbox } from '../../../src/vendors/kinetica/sandbox/index.ts';
import type { Simulation } from '../contract.ts';

export const simulation: Simulation<KineticaSandbox> = {
  pickSwitches: (random) => ({
    cancelAnswers: random.pick(['terse', 'enum', 'omit', 'reject', 'reorder', 'prose']),
    errorStatus: random.pick([400, 200]),
    stoppingWord: random.pick(['CANCELLED', 'CANCELLING', 'RUNNING']),
    repeatedCancel: random.pick(['accepted', 'rejected']),
    stopMs: random.pick([0, 1_500, 20_000]),
    listOrder: random.pick(['received', 'scrambled']),
  }),
  addJob: ({ state }, random) =>
    random.chance(0.7)
      ? state.addJob({ runsMs: random.integer(1, 600) * 1_000, ignoresCancel: random.chance(0.1) })
      : state.addJob({ status: random.pick(['WAITING', 'DONE', 'ERROR']), kind: random.pick(['async', 'sync']) }),
  // The API shows no sync job that has ended.
  words: ({ state }) =>
    new Map(
      Array.from(state.jobs()).flatMap(({ id, status, kind, running }) => {
        if (kind === 'sync' && !running) return [];
        return [[id, status === 'CANCELLED' && running ? 'CANCELLING' : status]];
      }),
    ),
  endJob({ state }, vendorId) {
    if (state.job(vendorId)?.status === 'RUNNING') state.changeJob(vendorId, { status: 'DONE' });
  },
  cancelJob: ({ state }, vendorId) => void state.cancelJob(vendorId),
  overrule({ state }, vendorId) {
    if (state.job(vendorId)?.status === 'CANCELLED') state.changeJob(vendorId, { status: 'DONE' });
  },
  restart() {},
  // The list has no sync jobs that have ended.
  isListed: (words) => words.every((word) => word === 'RUNNING' || word === 'WAITING'),
  endWords: ['CANCELLED', 'DONE'],
  showsWords: false,
  cancelsInVain: true,
  // IDs stay text: they have too many digits for a number.
  exchangeEntries(body, exchange) {
    const answer = JSON.parse(body);
    if (typeof answer.data_str !== 'string') return body;
    const data = answer.data_str.replace(/(?<="status":)\[[^\]]*\]/, (list: string) => JSON.stringify(exchange(JSON.parse(list))));
    return JSON.stringify({ ...answer, data_str: data });
  },
};
