import { expect } from 'vitest';
import type { Jobs, Subject, TrueJob } from '../contract.ts';
import { pick } from '../pick.ts';
import { echo } from './echo.ts';
import { type AodocsSandbox, simulation } from './simulation.ts';

type AodocsJob = NonNullable<ReturnType<AodocsSandbox['state']['job']>>;

declare module '../contract.ts' {
  interface SandboxTypes {
    aodocs: AodocsSandbox;
  }
}

const jobs: Jobs<AodocsSandbox> = {
  addFor: ({ state }, _action, { createdAtMs } = {}) =>
    state.addJob(createdAtMs === undefined ? {} : { startedAtMs: createdAtMs, lastActivityAtMs: createdAtMs }),
  addEnded({ state }, status) {
    const id = state.addJob({ status: status === 'SUCCEEDED' ? 'COMPLETED' : status });
    if (status !== 'FAILED') return id;
    state.addEvent(id, { severity: 'ERROR', message: 'Document 17 could not be\nimported' });
    state.addEvent(id, { severity: 'INFO', message: 'Job ended' });
    return id;
  },
  addVaried({ state }, index, { createdAtMs, endedAtMs }) {
    state.addJob({
      libraryId: state.libraries[index % state.libraries.length] ?? null,
      status: pick(['IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'], index),
      type: pick(['IMPORT', 'EXPORT', 'NIGHTLY_CLEANUP'], index),
      requestor: pick(['ada@example.com', 'Bob@example.com'], index),
      startedAtMs: createdAtMs,
      lastActivityAtMs: endedAtMs + 60_000,
    });
  },
  addEveryKind: ({ state }) =>
    ['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'].map((status) => state.addJob({ status })),
  addExample({ state }) {
    const startedAtMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const vendorId = state.addJob({
      status: 'FAILED',
      startedAtMs,
      lastActivityAtMs: startedAtMs + 5500,
      type: 'EXPORT',
      requestor: 'ada@example.com',
      succeededTasks: 3,
      failedTasks: 1,
      remainingTasks: 4,
    });
    return {
      vendorId,
      available: [],
      fields: {
        name: 'EXPORT',
        type: 'EXPORT',
        status: 'FAILED',
        vendorStatus: 'FAILED',
        isTerminal: true,
        owner: 'ada@example.com',
        createdAt: '2026-01-02T03:04:05.678Z',
        startedAt: '2026-01-02T03:04:05.678Z',
        finishedAt: '2026-01-02T03:04:11.178Z',
        durationSeconds: 5.5,
        progress: { fraction: 0.5, succeededTasks: 3, failedTasks: 1, remainingTasks: 4 },
        failureMessage: null,
        steps: null,
        raw: expect.objectContaining({ jobId: vendorId, status: 'FAILED' }),
      },
    };
  },
  addUnfit: ({ state }, text, atMs) => ({
    vendorId: state.addJob({ requestor: text, type: text, startedAtMs: atMs, remainingTasks: 2 ** 40 }),
    texts: ['owner', 'type'],
    times: ['createdAt'],
  }),
  *all({ state }) {
    for (const job of state.jobs()) yield toTrueJob(job);
  },
  find({ state }, vendorId) {
    const job = state.job(vendorId);
    return job && toTrueJob(job);
  },
  shows: (_action, status) => status === 'CANCELLED',
  end: ({ state }, vendorId) => state.changeJob(vendorId, { status: 'COMPLETED' }),
  remove: ({ state }, vendorId) => state.removeJob(vendorId),
  renew: ({ state }, vendorId) => state.changeJob(vendorId, { status: 'IN_PROGRESS' }),
  rejectRetryably: ({ state }, vendorId, times) => state.rejectNext({ status: 409, retryable: true, path: `${vendorId}/cancel`, times }),
};

function toTrueJob(job: AodocsJob): TrueJob {
  return { vendorId: job.jobId, status: job.status, requestedAtMs: job.startedAtMs, record: JSON.stringify(job) };
}

export const subject: Subject<AodocsSandbox> = {
  actions: {
    cancel: {
      place: { path: '/cancel' },
      jobsPerRequest: 1,
      readsFirst: false,
      safeToRetry: true,
      allOrNothing: false,
      outcome: 'CONFIRMED',
      statuses: ['RUNNING', 'CANCELLED'],
      doubt: null,
    },
  },
  ids: {
    unknown: 'Rk31ZqV8dPxUe5NnAa',
    invalid: [
      ['two words', 'spaces count'],
      ['..', 'it would lead to another path'],
    ],
  },
  reads: {
    places: [{ path: '/job/v1/', method: 'GET' }],
    jobsPerRequest: 1,
    requestsOfFirstCheck: 1,
    failureMessage: 'Document 17 could not be imported',
    failureTakes: 'request',
    details: [],
  },
  purposeOf({ method, target }) {
    const { pathname } = new URL(target, 'http://aodocs');
    if (pathname.includes('/job/v1/libraries/')) return { kind: 'read', ids: 'all' };
    const [, id, isCancel] = /\/job\/v1\/([^/]+)(\/cancel)?$/.exec(pathname) ?? [];
    if (!id) return null;
    if (isCancel) return method === 'POST' ? { kind: 'action', action: 'cancel', ids: [id] } : null;
    return method === 'GET' ? { kind: 'read', ids: [id] } : null;
  },
  jobs,
  switchChoices: {
    // Changes after a cancel can't be distinguished from those of another client.
    runningTasksFinish: [false],
    terminalCancel: ['strict', 'idempotent', 'conflict', 'badRequest'],
    int64: ['strings', 'numbers'],
    zeros: ['kept', 'omitted'],
    exceptionCompatibility: [true, false],
  },
  plantSecrets({ state }, createSecret) {
    const securityCode = createSecret('aodocs-security-code');
    state.addPerson({ email: 'canary@brightwater.example', domainAdministrator: true, securityCode });
    return { vendorIds: [state.addJob()], settings: { securityCode, libraries: state.libraries } };
  },
  reject: (text) => ({
    status: 400,
    body: { error: { code: 400, message: `Bad request with ${text}`, errors: [{ reason: 'badRequest', message: text }] } },
  }),
  echo,
  simulation,
};
