import { expect } from 'vitest';
import type { ActionFacts, Jobs, Subject, TrueJob } from '../contract.ts';
import { pick } from '../pick.ts';
import { echo } from './echo.ts';
import { simulation, type VaultSandbox } from './simulation.ts';

type VaultJob = NonNullable<ReturnType<VaultSandbox['state']['job']>>;

declare module '../contract.ts' {
  interface SandboxTypes {
    'veeva-vault': VaultSandbox;
  }
}

const jobs: Jobs<VaultSandbox> = {
  addFor({ state }, action, { createdAtMs, finishesCancel = false } = {}) {
    const times = createdAtMs === undefined ? {} : { createdAtMs };
    const own = finishesCancel ? { waitMs: 3_600_000 } : { frozen: true };
    return String(state.addJob({ status: action === 'start' ? 'SCHEDULED' : 'QUEUED', ...own, ...times }));
  },
  addEnded: ({ state }, status) =>
    String(state.addJob({ status: ({ SUCCEEDED: 'SUCCESS', FAILED: 'ERRORS_ENCOUNTERED', CANCELLED: 'CANCELLED' } as const)[status] })),
  addVaried({ state }, index, times) {
    state.addJob({
      status: pick(['SUCCESS', 'SCHEDULED', 'QUEUED', 'ERRORS_ENCOUNTERED', 'RUNNING', 'CANCELLED', 'CANCELLING'], index),
      title: pick(['Nightly export', 'Import', 'Rendition'], index),
      ...times,
      frozen: true,
    });
  },
  addEveryKind({ state }) {
    const words = ['SCHEDULED', 'SCHEDULED', 'QUEUED', 'QUEUED', 'RUNNING', 'CANCELLING', 'CANCELLED', 'SUCCESS'] as const;
    return [
      ...words.map((status) => state.addJob({ status, frozen: true })),
      state.addJob({ status: 'RUNNING', frozen: true, cancellableWhileRunning: true }),
    ].map(String);
  },
  addExample({ state }) {
    const createdAtMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const vendorId = state.addJob({
      title: 'Export Documents',
      status: 'SUCCESS',
      createdAtMs,
      startedAtMs: createdAtMs + 1000,
      endedAtMs: createdAtMs + 61_000,
      taskIds: ['first', 'second'],
    });
    const step = { status: 'SUCCEEDED', vendorStatus: 'SUCCESS', message: null };
    return {
      vendorId: String(vendorId),
      available: [],
      fields: {
        name: 'Export Documents',
        type: 'sdk_job',
        status: 'SUCCEEDED',
        vendorStatus: 'SUCCESS',
        isTerminal: true,
        owner: expect.stringMatching(/^\d+$/),
        // Vault writes whole seconds.
        createdAt: '2026-01-02T03:04:05.000Z',
        startedAt: '2026-01-02T03:04:06.000Z',
        finishedAt: '2026-01-02T03:05:06.000Z',
        durationSeconds: 60,
        progress: null,
        failureMessage: null,
        steps: [
          { id: 'first', name: 'first', ...step, startedAt: '2026-01-02T03:04:06.000Z', finishedAt: '2026-01-02T03:04:36.000Z' },
          { id: 'second', name: 'second', ...step, startedAt: '2026-01-02T03:04:36.000Z', finishedAt: '2026-01-02T03:05:06.000Z' },
        ],
        raw: expect.objectContaining({ id: vendorId, status__sys: 'SUCCESS', finish_date__sys: '2026-01-02T03:05:06.000Z' }),
      },
    };
  },
  addUnfit: ({ state }, text) => ({
    vendorId: String(state.addJob({ title: text, status: 'RUNNING', frozen: true })),
    texts: ['name'],
    times: [],
  }),
  *all({ state }) {
    for (const job of [...state.unfinished(), ...state.ended()]) yield toTrueJob(job);
  },
  find({ state }, vendorId) {
    const job = state.job(Number(vendorId));
    return job && toTrueJob(job);
  },
  shows: (action, status) => (action === 'start' ? status !== 'SCHEDULED' : status === 'CANCELLING' || status === 'CANCELLED'),
  end: ({ state }, vendorId) => state.changeJob(Number(vendorId), { status: 'SUCCESS' }),
  remove: ({ state }, vendorId) => state.removeJob(Number(vendorId)),
  renew: ({ state }, vendorId, action) => state.changeJob(Number(vendorId), { status: action === 'start' ? 'SCHEDULED' : 'QUEUED' }),
};

function toTrueJob(job: VaultJob): TrueJob {
  return { vendorId: String(job.id), status: job.status, requestedAtMs: job.createdAtMs, record: JSON.stringify(job) };
}

const start: ActionFacts = {
  place: { path: '/start_now/' },
  jobsPerRequest: 1,
  readsFirst: true,
  safeToRetry: false,
  allOrNothing: false,
};

export const subject: Subject<VaultSandbox> = {
  actions: {
    cancel: {
      place: { path: '/actions/cancel' },
      jobsPerRequest: 500,
      readsFirst: false,
      safeToRetry: true,
      allOrNothing: false,
      outcome: 'ACCEPTED',
      statuses: ['QUEUED', 'CANCELLING'],
      doubt: /^Vault can/,
    },
    start,
  },
  ids: {
    unknown: '8999999999999999999',
    invalid: [
      ['first', 'it is no number'],
      ['0', 'Vault counts from 1'],
      ['1/../2', 'it would lead to another path'],
    ],
  },
  reads: {
    places: [{ path: '/services/jobs/', method: 'GET' }, { path: '/query' }],
    jobsPerRequest: 1,
    oneByOne: (settings) => ({ ...settings, reads: 'rest' }),
    requestsOfFirstCheck: 2,
    failureMessage: null,
    failureTakes: 'nothing',
    details: ['waitSeconds'],
  },
  purposeOf({ method, target, body }) {
    const { pathname } = new URL(target, 'http://vault');
    const started = /\/start_now\/(\d+)$/.exec(pathname)?.[1];
    if (started) return { kind: 'action', action: 'start', ids: [started] };
    if (pathname.endsWith('/actions/cancel'))
      return { kind: 'action', action: 'cancel', ids: decodeURIComponent(body).match(/\d+/g) ?? [] };
    if (pathname.endsWith('/query')) return { kind: 'read', ids: decodeURIComponent(body).match(/(?<=')\d+(?=')/g) ?? 'all' };
    if (method !== 'GET' || !pathname.includes('/services/jobs/')) return null;
    const id = /\/services\/jobs\/(\d+)$/.exec(pathname)?.[1];
    return { kind: 'read', ids: id ? [id] : 'all' };
  },
  jobs,
  sessions: { endAll: ({ state }) => state.sessions.endAll(), count: ({ state }) => state.sessions.count() },
  switchChoices: {
    cancelErrors: ['object', 'array'],
    allCancelsRejected: ['SUCCESS', 'FAILURE'],
    cancelRunning: ['by_job', 'always', 'never'],
    cancelAnswersOtherId: [true, false],
    invalidSessionStatus: [200, 401],
    warnings: [true, false],
  },
  plantSecrets({ state, settings }, createSecret) {
    const password = createSecret('vault-password');
    state.users.integration.password = password;
    return { vendorIds: [String(state.addJob({ frozen: true }))], settings: { ...settings, password } };
  },
  reject: (text) => ({
    status: 200,
    body: { responseStatus: 'FAILURE', errors: [{ type: 'OPERATION_NOT_ALLOWED', message: `Nothing for ${text}` }] },
  }),
  echo,
  simulation,
};
