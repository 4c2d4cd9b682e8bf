import { expect } from 'vitest';
import { toTime } from '../../../src/vendors/airflow/sandbox/complete-job.ts';
import { idOf, type Run } from '../../../src/vendors/airflow/sandbox/job.ts';
import type { Action, Jobs, Subject, TrueJob } from '../contract.ts';
import { pick } from '../pick.ts';
import { echo } from './echo.ts';
import { type AirflowSandbox, simulation } from './simulation.ts';
import { wordOf } from './true-word.ts';

declare module '../contract.ts' {
  interface SandboxTypes {
    airflow: AirflowSandbox;
  }
}

/** The states in which Airflow's actions are possible. */
const statesFor: Partial<Record<Action, Run['state']>> = { cancel: 'running', restart: 'success', resume: 'failed', start: 'success' };

const jobs: Jobs<AirflowSandbox> = {
  addFor: ({ state }, action, { createdAtMs, elsewhere = false } = {}) =>
    state.addJob({
      state: statesFor[action] ?? 'running',
      // A trigger names its DAG only.
      dagId: elsewhere && action !== 'start' ? 'publish_report' : 'etl_orders',
      isFrozen: true,
      ...(createdAtMs !== undefined && timesFrom(createdAtMs)),
    }),
  addEnded({ state }, status) {
    if (status !== 'CANCELLED') return state.addJob({ state: status === 'SUCCEEDED' ? 'success' : 'failed', isFrozen: true });
    const queuedMs = Date.now() - 3_600_000;
    const note = `Canceled through Jobyard (run queued ${toTime(queuedMs, 0)}) by key:ops`;
    return state.addJob({ state: 'failed', queuedMs, micros: 0, note, isFrozen: true });
  },
  addVaried({ state }, index, { createdAtMs, startedAtMs, endedAtMs }) {
    addNightly({ state });
    const word: Run['state'] = pick(['success', 'failed', 'running', 'queued'], index);
    state.addJob({
      state: word,
      dagId: pick(['etl_orders', 'nightly'], index),
      type: pick(['manual', 'scheduled', 'backfill'], index),
      user: pick(['ada@example.com', 'Bob@example.com'], index),
      runAfterMs: createdAtMs,
      startMs: word === 'queued' ? null : startedAtMs,
      endMs: word === 'success' || word === 'failed' ? endedAtMs : null,
      isFrozen: true,
    });
  },
  addEveryKind({ state }) {
    const times = timesFrom(Date.now() - 3_600_000);
    return (['queued', 'running', 'success', 'failed'] as const).flatMap((word) =>
      ['etl_orders', 'publish_report'].map((dagId) =>
        state.addJob({ dagId, state: word, isFrozen: true, ...times, ...(word === 'queued' && { startMs: null }) }),
      ),
    );
  },
  addExample({ state }) {
    const startMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const vendorId = state.addJob({
      dagId: 'publish_report',
      state: 'success',
      startMs,
      endMs: startMs + 61_500,
      runAfterMs: startMs - 2_000,
      queuedMs: startMs - 1_000,
      logicalMs: startMs - 3_000,
      user: 'ada@example.com',
      conf: { password: 'hunter2' },
      note: 'see DATA-4711',
      isFrozen: true,
    });
    return {
      vendorId,
      available: ['RESTART', 'START'],
      hidden: ['hunter2'],
      fields: {
        name: 'publish_report',
        type: 'manual',
        status: 'SUCCEEDED',
        vendorStatus: 'success',
        isTerminal: true,
        owner: 'ada@example.com',
        createdAt: '2026-01-02T03:04:03.678Z',
        startedAt: '2026-01-02T03:04:05.678Z',
        finishedAt: '2026-01-02T03:05:07.178Z',
        durationSeconds: 61.5,
        progress: { fraction: 1, succeededTasks: 2, failedTasks: 0, remainingTasks: 0 },
        failureMessage: null,
        steps: [
          expect.objectContaining({ id: 'render', name: 'render', status: 'SUCCEEDED', vendorStatus: 'success' }),
          expect.objectContaining({ id: 'send' }),
        ],
        raw: expect.objectContaining({ dag_id: 'publish_report', state: 'success', note: 'see DATA-4711' }),
      },
    };
  },
  addUnfit: ({ state }, text) => ({
    vendorId: state.addJob({ user: text, note: text, tasks: [], isFrozen: true }),
    texts: ['owner'],
    times: [],
  }),
  *all({ state }) {
    for (const run of state.jobs()) yield toTrueJob(run);
  },
  find({ state }, vendorId) {
    const run = state.getJob(vendorId);
    return run && toTrueJob(run);
  },
  // A start shows on no job that it names.
  shows: (action, status) =>
    action === 'cancel' ? status === 'canceled' || status === 'CANCELLING' : status === 'queued' || status === 'running',
  createdFor: ({ state }, vendorId) =>
    Array.from(state.jobs())
      .filter(({ dagId, note }) => `${dagId}/${copiedRun.exec(note ?? '')?.[1]}` === vendorId)
      .map(idOf),
  end: ({ state }, vendorId) => state.markRun(vendorId, 'success'),
  remove: ({ state }, vendorId) => state.removeJob(vendorId),
  renew({ state }, vendorId, action, createdAtMs) {
    const [dagId, runId = ''] = vendorId.split('/');
    state.removeJob(vendorId);
    state.addJob({ dagId: dagId ?? '', runId, state: statesFor[action] ?? 'running', isFrozen: true, ...timesFrom(createdAtMs) });
  },
};

/** The run that a trigger copies, according to its note. */
const copiedRun = /^Started through Jobyard \(again after (\S+)\)/;

function timesFrom(createdAtMs: number): Pick<Run, 'runAfterMs' | 'queuedMs' | 'startMs'> {
  return { runAfterMs: createdAtMs, queuedMs: createdAtMs, startMs: createdAtMs + 1_000 };
}

function addNightly({ state }: Pick<AirflowSandbox, 'state'>): void {
  const model = state.findDag('etl_orders');
  if (model && !state.findDag('nightly')) state.addDag({ ...model, dagId: 'nightly', displayName: 'Nightly load' });
}

function toTrueJob(run: Readonly<Run>): TrueJob {
  return { vendorId: idOf(run), status: wordOf(run), requestedAtMs: run.queuedMs ?? run.runAfterMs, record: JSON.stringify(run) };
}

const facts = { jobsPerRequest: 1, readsFirst: true, allOrNothing: false };
const clear = { ...facts, place: { path: '/clear', method: 'POST' }, safeToRetry: false };

export const subject: Subject<AirflowSandbox> = {
  actions: {
    cancel: {
      ...facts,
      readsAlone: true,
      place: { path: '/dagRuns/', method: 'PATCH' },
      safeToRetry: true,
      outcome: 'CONFIRMED',
      statuses: ['RUNNING', 'CANCELLED'],
      doubt: null,
    },
    restart: { ...clear, allowsSucceeded: true },
    resume: clear,
    start: {
      ...facts,
      readsAlone: true,
      allowsSucceeded: true,
      creates: true,
      // Not the list of all DAGs' runs, which is also a POST.
      place: { path: '/dags/etl_orders/dagRuns', method: 'POST' },
      safeToRetry: false,
    },
  },
  ids: {
    unknown: 'etl_orders/manual__1970-01-01T00:00:00+00:00',
    invalid: [
      ['etl_orders', 'it names no run'],
      ['~/manual__1', 'it names all DAGs'],
      ['etl_orders/a/b', 'no run can have this ID'],
    ],
  },
  reads: {
    places: [
      { path: '/dagRuns', method: 'GET' },
      { path: '/dagRuns/list', method: 'POST' },
    ],
    jobsPerRequest: 1,
    requestsOfFirstCheck: 2,
    failureMessage: expect.stringMatching(/^AirflowException: \w+ of etl_orders: the target rejected the data$/),
    failureTakes: 'twoRequests',
    details: ['waitSeconds', 'dataRange', 'links'],
  },
  purposeOf({ method, target, body }) {
    const { pathname } = new URL(target, 'http://airflow');
    const [, dagId = '', runId, rest] = /^\/api\/v2\/dags\/([^/]+)\/dagRuns(?:\/([^/]+)(\/.*)?)?$/.exec(pathname) ?? [];
    if (dagId === '') return null;
    if (runId === undefined) {
      if (method === 'GET') return { kind: 'read', ids: 'all' };
      const copied = copiedRun.exec(JSON.parse(body).note ?? '')?.[1];
      return copied === undefined ? null : { kind: 'action', action: 'start', ids: [`${decodeURIComponent(dagId)}/${copied}`] };
    }
    if (dagId === '~' && runId === 'list') return { kind: 'read', ids: 'all' };
    const ids = [`${decodeURIComponent(dagId)}/${decodeURIComponent(runId)}`];
    if (method === 'PATCH') return { kind: 'action', action: 'cancel', ids };
    if (method === 'POST' && rest === '/clear') {
      return { kind: 'action', action: JSON.parse(body).only_failed ? 'resume' : 'restart', ids };
    }
    return method === 'GET' && rest === undefined ? { kind: 'read', ids } : null;
  },
  jobs,
  sessions: {
    endAll: ({ state }) => state.tokens.changeSecret(),
    count: ({ requests }) => requests.count('POST', '/auth/token'),
  },
  switchChoices: {
    version: ['3.3', '3.2.2', '3.2.1', '3.1', '3.0'],
    missingTimes: ['postgres', 'sqlite', 'last'],
    maximumPageLimit: [100, 7],
  },
  plantSecrets({ state }, createSecret) {
    const password = createSecret('airflow-password');
    state.users.add({ username: 'canary', password, role: 'admin', dags: null });
    const vendorIds = [
      state.addJob({ state: 'failed', isFrozen: true, conf: { password: createSecret('airflow-conf') } }),
      state.addJob({ state: 'running', isFrozen: true, conf: { text: `token=${createSecret('airflow-conf-text')}` } }),
    ];
    return { vendorIds, settings: { username: 'canary', password, cancellationNotes: true } };
  },
  reject: (text) => ({ status: 400, body: { detail: `Bad request with ${text}` } }),
  echo,
  simulation,
};
