import { expect } from 'vitest';
import type { Action, AddOptions, Jobs, Subject, TrueJob } from '../contract.ts';
import { pick } from '../pick.ts';
import { echo } from './echo.ts';
import { type KylinSandbox, simulation } from './simulation.ts';

type KylinJob = NonNullable<ReturnType<KylinSandbox['state']['getJob']>>;

declare module '../contract.ts' {
  interface SandboxTypes {
    kylin: KylinSandbox;
  }
}

const actionNames: Record<string, Action> = { DISCARD: 'cancel', PAUSE: 'pause', RESUME: 'resume', RESTART: 'restart' };
const facts = { place: { path: '/jobs/status' }, jobsPerRequest: 100, readsFirst: true, safeToRetry: true, allOrNothing: true };

const jobs: Jobs<KylinSandbox> = {
  addFor: ({ state }, action, { createdAtMs, elsewhere = false }: AddOptions = {}) =>
    state.addJob({
      state: action === 'resume' ? 'PAUSED' : 'RUNNING',
      project: elsewhere ? 'finance' : 'retail',
      runMs: 24 * 3_600_000,
      ...(createdAtMs !== undefined && { createTime: createdAtMs, startTime: createdAtMs + 1000 }),
    }),
  addEnded: ({ state }, status) =>
    state.addJob({ state: ({ SUCCEEDED: 'SUCCEED', FAILED: 'ERROR', CANCELLED: 'DISCARDED' } as const)[status] }),
  addVaried({ state }, index, { createdAtMs, startedAtMs, endedAtMs }) {
    state.addJob({
      state: pick(['SUCCEED', 'ERROR', 'PAUSED', 'DISCARDED', 'RUNNING'], index),
      type: pick(['INC_BUILD', 'INDEX_REFRESH', 'INDEX_MERGE'], index),
      submitter: pick(['ADMIN', 'ada@example.com'], index),
      subject: pick(['sales_daily', 'nightly_model'], index),
      project: pick(['retail', 'finance'], index),
      createTime: createdAtMs,
      startTime: startedAtMs,
      endTime: endedAtMs,
      runMs: 1_000_000_000,
    });
  },
  addEveryKind({ state }) {
    const longAgoMs = Date.now() - 3_600_000;
    const times = { createTime: longAgoMs, startTime: longAgoMs + 1000, runMs: 7_200_000 };
    return (['RUNNING', 'PAUSED', 'ERROR', 'SUCCEED', 'DISCARDED'] as const).flatMap((word) =>
      ['retail', 'finance'].map((project) => state.addJob({ state: word, project, ...times })),
    );
  },
  addExample({ state }) {
    const createTime = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const vendorId = state.addJob({
      state: 'PAUSED',
      createTime,
      startTime: createTime + 1000,
      endTime: createTime + 61_000,
      ranMs: 60_000,
      subject: 'sales_daily',
      submitter: 'ADMIN',
      tag: { password: 'hunter2' },
    });
    const step = { id: `${vendorId}_00`, name: 'Detect Resource', status: 'SUCCEEDED', vendorStatus: 'FINISHED' };
    return {
      vendorId,
      available: ['CANCEL', 'RESUME', 'RESTART'],
      hidden: ['hunter2'],
      fields: {
        name: 'sales_daily',
        type: 'INC_BUILD',
        status: 'PAUSED',
        vendorStatus: 'STOPPED',
        isTerminal: false,
        owner: 'ADMIN',
        createdAt: '2026-01-02T03:04:05.678Z',
        startedAt: '2026-01-02T03:04:06.678Z',
        finishedAt: null,
        durationSeconds: 60,
        progress: { fraction: expect.any(Number), succeededTasks: null, failedTasks: null, remainingTasks: null },
        failureMessage: null,
        steps: [expect.objectContaining(step), expect.anything(), expect.anything()],
        raw: expect.objectContaining({ id: vendorId, job_status: 'STOPPED', project: 'retail' }),
      },
    };
  },
  addUnfit: ({ state }, text) => ({
    vendorId: state.addJob({ subject: text, submitter: text, project: text, type: 'INDEX_BUILD', state: 'SUCCEED' }),
    texts: ['name', 'owner', 'scope'],
    times: [],
  }),
  *all({ state }) {
    for (const job of state.jobs()) yield toTrueJob(job);
  },
  find({ state }, vendorId) {
    const job = state.getJob(vendorId);
    return job && toTrueJob(job);
  },
  shows(action, status) {
    if (action === 'cancel') return status === 'DISCARDED';
    if (action === 'pause') return status === 'PAUSED';
    if (action === 'resume') return !['PAUSED', 'ERROR', 'DISCARDED'].includes(status);
    return status !== 'DISCARDED';
  },
  end: ({ state }, vendorId) => state.changeJob(vendorId, { state: 'SUCCEED' }),
  remove: ({ state }, vendorId) => state.removeJob(vendorId),
  renew: ({ state }, vendorId, action, createTime) =>
    state.changeJob(vendorId, { state: action === 'resume' ? 'PAUSED' : 'RUNNING', createTime, ranMs: 0 }),
};

function toTrueJob(job: KylinJob): TrueJob {
  return { vendorId: job.id, status: job.state, requestedAtMs: job.createTime, record: JSON.stringify(job) };
}

export const subject: Subject<KylinSandbox> = {
  actions: {
    cancel: { ...facts, outcome: 'CONFIRMED', statuses: ['RUNNING', 'CANCELLED'], doubt: null },
    pause: facts,
    resume: facts,
    restart: { ...facts, safeToRetry: false },
  },
  ids: {
    unknown: '00000000-0000-4000-8000-000000000000',
    invalid: [
      ['first', 'it is no UUID'],
      ['*', 'it is no UUID'],
    ],
  },
  reads: {
    places: [{ path: '/jobs', method: 'GET' }],
    jobsPerRequest: 1,
    requestsOfFirstCheck: 1,
    failureMessage: expect.stringMatching(/^(org|java)\.\S+: .+$/),
    failureTakes: 'steps',
    details: ['waitSeconds', 'dataRange', 'links', 'substeps'],
  },
  purposeOf({ method, target, body }) {
    const { pathname, searchParams } = new URL(target, 'http://kylin');
    if (method === 'PUT' && pathname.endsWith('/jobs/status')) {
      const { job_ids: ids, action } = JSON.parse(body);
      // Kylin takes an empty list for every job of the project.
      if (!Array.isArray(ids) || ids.length === 0) throw new Error(`An action without job IDs: ${body}`);
      return { kind: 'action', action: actionNames[action] ?? 'cancel', ids };
    }
    if (method !== 'GET' || !pathname.endsWith('/jobs')) return null;
    const key = searchParams.get('key');
    return { kind: 'read', ids: key ? [key] : 'all' };
  },
  jobs,
  switchChoices: {
    cluster: ['oneNode', 'twoNodes'],
    errorShape: ['source', 'documented'],
    listShape: ['source', 'documented'],
    extraFields: [true, false],
  },
  plantSecrets({ state }, createSecret) {
    const password = createSecret('kylin-password');
    state.accounts.add({ username: 'canary', password, admin: true });
    const vendorIds = [
      state.addJob({ state: 'ERROR', tag: { password: createSecret('kylin-tag') } }),
      state.addJob({ state: 'RUNNING', tag: `token=${createSecret('kylin-tag-text')}` }),
    ];
    return { vendorIds, settings: { username: 'canary', password } };
  },
  reject: (text) => ({
    status: 500,
    body: {
      code: '999',
      data: null,
      msg: `KE-010000003(Illegal): ${text}`,
      stacktrace: `x: ${text}\n\tat org.apache.kylin.X`,
      exception: text,
      url: text,
    },
  }),
  echo,
  simulation,
};
