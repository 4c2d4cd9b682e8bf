import { expect } from 'vitest';
import type { KineticaJob, KineticaSandbox } from '../../../src/vendors/kinetica/sandbox/index.ts';
import type { Jobs, Subject, TrueJob } from '../contract.ts';
import { pick } from '../pick.ts';
import { echo } from './echo.ts';
import { simulation } from './simulation.ts';

declare module '../contract.ts' {
  interface SandboxTypes {
    kinetica: KineticaSandbox;
  }
}

const jobs: Jobs<KineticaSandbox> = {
  addFor: ({ state }, _action, { createdAtMs } = {}) => state.addJob(createdAtMs === undefined ? {} : { receivedAtMs: createdAtMs }),
  addEnded: ({ state }, status) =>
    state.addJob({ status: ({ SUCCEEDED: 'DONE', FAILED: 'ERROR', CANCELLED: 'CANCELLED' } as const)[status], running: false }),
  addVaried({ state }, index, { createdAtMs }) {
    state.addJob({
      status: pick(['RUNNING', 'DONE', 'ERROR', 'WAITING', 'CANCELLED'], index),
      running: index % 5 === 0 || index % 5 === 3,
      receivedAtMs: createdAtMs,
      endpoint: pick(['/execute/sql', '/create/job', '/insert/records'], index),
      authId: pick(['etl', 'ada@example.com'], index),
      userData: pick(['', 'Nightly load', 'hourly'], index),
    });
  },
  addEveryKind: ({ state }) => [
    state.addJob(),
    state.addJob(),
    state.addJob({ kind: 'sync' }),
    state.addJob({ status: 'WAITING' }),
    // Jobs that the vendor never cancels, or whose cancelability it only reveals on an attempt.
    state.addJob({ endpoint: '/insert/records' }),
    state.addJob({ endpoint: '/show/table' }),
    state.addJob({ status: 'DONE' }),
    state.addJob({ status: 'ERROR' }),
    state.addJob({ status: 'CANCELLED', running: false }),
  ],
  addExample({ state }) {
    const receivedAtMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const vendorId = state.addJob({
      id: '9007199254740993',
      receivedAtMs,
      userData: 'nightly load',
      authId: 'etl',
      progress: 40,
      queryText: "SELECT * FROM t WHERE name = 'Ada'",
    });
    return {
      vendorId,
      available: ['CANCEL'],
      fields: {
        name: 'nightly load',
        type: '/execute/sql',
        status: 'RUNNING',
        vendorStatus: 'RUNNING',
        isTerminal: false,
        owner: 'etl',
        createdAt: '2026-01-02T03:04:05.678Z',
        startedAt: null,
        finishedAt: null,
        durationSeconds: null,
        progress: { fraction: 0.4, succeededTasks: null, failedTasks: null, remainingTasks: null },
        failureMessage: null,
        steps: null,
        raw: expect.objectContaining({
          job_id: '9007199254740993',
          query_text: 'SELECT * FROM t WHERE name = ?',
          time_received: receivedAtMs,
        }),
      },
    };
  },
  addUnfit: ({ state }, text, atMs) => ({
    vendorId: state.addJob({ userData: text, authId: text, receivedAtMs: atMs }),
    texts: ['name', 'owner'],
    times: ['createdAt'],
  }),
  *all({ state }) {
    for (const job of state.jobs()) yield toTrueJob(job);
  },
  find({ state }, vendorId) {
    const job = state.job(vendorId);
    return job && toTrueJob(job);
  },
  shows: (_action, status) => status === 'CANCELLED' || status === 'CANCELLING',
  end: ({ state }, vendorId) => state.changeJob(vendorId, { status: 'DONE' }),
  remove: ({ state }, vendorId) => state.removeJob(vendorId),
  renew: ({ state }, vendorId) => state.changeJob(vendorId, { status: 'RUNNING' }),
  rejectTogether({ switches }) {
    switches.cancelAnswers = 'reject';
  },
};

function toTrueJob(job: KineticaJob): TrueJob {
  return { vendorId: job.id, status: job.status, requestedAtMs: job.receivedAtMs, record: JSON.stringify(job) };
}

/** From the text: some IDs are longer than a JavaScript number. */
function digitsIn(text = ''): string[] {
  return text.match(/\d+/g) ?? [];
}

export const subject: Subject<KineticaSandbox> = {
  actions: {
    cancel: {
      place: { path: '/admin/alter/jobs' },
      jobsPerRequest: 500,
      readsFirst: true,
      safeToRetry: true,
      allOrNothing: true,
      outcome: 'CONFIRMED',
      statuses: ['RUNNING', 'CANCELLED'],
      doubt: /^Kinetica can cancel most/,
    },
  },
  ids: {
    unknown: '8999999999999999999',
    invalid: [
      ['007', 'it would be a second spelling of 7'],
      ['1'.repeat(2000), 'it is endless'],
      ['9223372036854775808', 'it is beyond 64 bits'],
      ['1 OR 1=1', 'it is no number'],
    ],
  },
  reads: {
    places: [{ path: '/admin/show/jobs' }],
    jobsPerRequest: Number.POSITIVE_INFINITY,
    requestsOfFirstCheck: 1,
    failureMessage: 'Internal_Error: Worker rank 2 ran out of memory (S/SDc:1513)',
    failureTakes: 'request',
    details: [],
  },
  purposeOf({ target, body }) {
    const { pathname } = new URL(target, 'http://kinetica');
    if (pathname.endsWith('/admin/alter/jobs')) {
      return { kind: 'action', action: 'cancel', ids: digitsIn(/"job_ids":\s*\[([^\]]*)\]/.exec(body)?.[1]) };
    }
    if (pathname.endsWith('/admin/show/jobs')) return { kind: 'read', ids: 'all' };
    return pathname.endsWith('/get/job') ? { kind: 'read', ids: digitsIn(/"job_id":\s*"?(\d+)/.exec(body)?.[1]) } : null;
  },
  jobs,
  switchChoices: {
    cancelAnswers: ['terse', 'enum', 'omit', 'reject', 'reorder', 'prose'],
    errorStatus: [400, 200],
    stoppingWord: ['CANCELLED', 'CANCELLING', 'RUNNING'],
    statusWords: ['get-job', 'complete', 'lower-case'],
    repeatedCancel: ['accepted', 'rejected'],
    stopMs: [0, 3_600_000],
  },
  plantSecrets({ state }, createSecret) {
    const [administrator] = state.accounts;
    if (!administrator) throw new Error('The sandbox has no administrator');
    const password = createSecret('kinetica-password');
    administrator.password = password;
    const statements = [
      `ALTER USER loader SET PASSWORD '${createSecret('sql-password')}'`,
      `CREATE CREDENTIAL s3 IDENTITY = '${createSecret('sql-identity')}', SECRET='${createSecret('sql-secret')}'`,
      `SELECT 1 /* ${createSecret('sql-comment')} */ -- ${createSecret('sql-line-comment')}`,
      `SELECT * FROM t WHERE token = "${createSecret('sql-quoted')}=" OR x = 'it''s ${createSecret('sql-doubled-quote')}'`,
      `SELECT 'open ${createSecret('sql-open-literal')}`,
      `SELECT $$${createSecret('sql-dollars')}$$`,
      `SELECT '\\'${createSecret('sql-backslash')}'`,
    ];
    const vendorIds = statements.map((queryText) => state.addJob({ queryText }));
    return { vendorIds, settings: { username: administrator.username, password } };
  },
  reject: (text) => ({
    status: 400,
    body: { status: 'ERROR', message: `Access denied for ${text}`, data_type: 'none', data: '', data_str: '' },
  }),
  echo,
  simulation,
};
