import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Subject, Violation } from '../../src/conformance/check.ts';
import { checks } from '../../src/conformance/index.ts';
import { type ActionResponse, isOddRow, type JobSystemAdapter, type ListedJob, type ListSource } from '../../src/jobs/adapter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import type { LogPart, LogRequest, LogSupport } from '../../src/jobs/job-log.ts';
import { createProblem, succeed } from '../../src/jobs/problem.ts';
import { airflow } from '../../src/vendors/airflow/index.ts';
import { aodocs } from '../../src/vendors/aodocs/index.ts';
import { kinetica } from '../../src/vendors/kinetica/index.ts';
import { veevaVault } from '../../src/vendors/veeva-vault/index.ts';
import { startSubject } from '../vendors/subject.ts';

let clusters: Awaited<ReturnType<typeof startSubject>>;
let vaults: Awaited<ReturnType<typeof startSubject>>;

beforeAll(async () => {
  [clusters, vaults] = await Promise.all([startSubject(kinetica), startSubject(veevaVault)]);
});
afterAll(async () => {
  for (const { subject, sandbox } of [clusters, vaults]) {
    await subject.adapter.close();
    await sandbox.close();
  }
});

/** Runs one check on this adapter with some of it changed. */
async function check(id: string, subject: Subject, change: (honest: JobSystemAdapter) => Partial<JobSystemAdapter>): Promise<void> {
  const { run } = checks.find((candidate) => candidate.id === id) ?? {};
  if (!run) throw new Error(`No check ${id}`);
  await run({ ...subject, adapter: { ...subject.adapter, ...change(subject.adapter) } });
}

describe('an adapter fails the suite if it', () => {
  test('accepts an action and sends nothing', async () => {
    const lie = check('act.effect', clusters.subject, () => ({
      performAction: async (_action, targets) => targets.map(() => ({ kind: 'accepted', job: null })),
    }));
    await expect(lie).rejects.toThrow(/^CANCEL of \d+: accepted without effect; the job was QUEUED and is QUEUED$/);
    await expect(lie).rejects.toBeInstanceOf(Violation);
  });

  test('accepts an action for all jobs but sends it for some', async () => {
    const lie = check('act.effect', clusters.subject, ({ performAction }) => ({
      async performAction(action, targets, call) {
        const [first, ...responses] = await performAction(action, targets.slice(1), call);
        return first ? [first, first, ...responses] : [];
      },
    }));
    await expect(lie).rejects.toThrow(/accepted without effect/);
  });

  test('reports an effect that only its own response shows', async () => {
    const lie = check('act.effect', clusters.subject, () => ({
      async performAction(_action, targets) {
        return targets.map(({ job }) => ({ kind: 'accepted', job: job && { ...job, status: 'CANCELLED' } }));
      },
    }));
    await expect(lie).rejects.toThrow(/accepted without effect/);
  });

  test('names more jobs in a request than the vendor accepts', async () => {
    const boast = check('act.limit', vaults.subject, ({ actions }) => ({
      actions: { ...actions, CANCEL: { ...actions.CANCEL, maxBatchSize: 501, requestSize: 501 } },
    }));
    await expect(boast).rejects.toThrow(/^CANCEL of \d+, 501 in one call: (?:batchR|r)ejected: /);
  });

  test("declares an action on jobs that its vendor doesn't have", async () => {
    const boast = check('act.effect', clusters.subject, ({ actions }) => ({ actions: { ...actions, PAUSE: actions.CANCEL } }));
    await expect(boast).rejects.toThrow('PAUSE: supported, but the sandbox has 0 jobs for it');
  });

  test('declares counts that its responses lack', async () => {
    const boast = check('list.counts', clusters.subject, ({ listJobs }) => ({
      listJobs: (query) => listJobs(query).map((list) => ({ ...list, counts: true })),
    }));
    await expect(boast).rejects.toThrow(/^jobs, \{"statuses":null\}: counts null jobs and lists \d+$/);
  });

  test('reads fewer jobs in a call than it declares', async () => {
    const problem = createProblem('INVALID_VENDOR_RESPONSE', 'Too many.');
    const boast = check('get.limit', clusters.subject, ({ getJobs }) => ({
      getJobs: async (ids, call) =>
        ids.length > 100 ? ids.map(() => ({ kind: 'problem', problem })) : ((await getJobs?.(ids, call)) ?? []),
    }));
    await expect(boast).rejects.toThrow(/^\d+ in one call: Too many\.$/);
  });
});

/** A list whose rows are changed. */
const withRows = (list: ListSource, change: (row: ListedJob) => ListedJob): ListSource => ({
  ...list,
  async readPage(at, count, call) {
    const page = await list.readPage(at, count, call);
    return page.ok ? succeed({ ...page.value, rows: page.value.rows.map((row) => (isOddRow(row) ? row : change(row))) }) : page;
  },
});

/** The row with another time of creation. */
function createdAt(row: ListedJob, change: (createdAtMs: number) => number): ListedJob {
  const createdAtMs = change(row.createdAtMs ?? 0);
  return { ...row, createdAtMs, toFields: () => ({ ...row.toFields(), createdAt: new Date(createdAtMs) }) };
}

describe('an adapter fails the suite if its times of creation', () => {
  const dayMs = 86_400_000;
  const lieInLists = (id: string, change: (row: ListedJob) => ListedJob, declared: Partial<ListSource> = {}) =>
    check(id, clusters.subject, ({ listJobs }) => ({
      listJobs: (query) => listJobs(query).map((list) => ({ ...withRows(list, change), ...declared })),
    }));
  let reads = 0;

  test.each<[what: string, id: string, complaint: RegExp, change: (row: ListedJob) => ListedJob]>([
    [
      'are two',
      'list.rows',
      /^jobs: createdAtMs of \d+ is \d+, expected \d+: its createdAt in epoch milliseconds\. Compute both from the same field\.$/,
      (row) => ({ ...row, createdAtMs: (row.createdAtMs ?? 0) + 1 }),
    ],
    [
      'are in seconds in createdAtMs',
      'list.rows',
      /^jobs: createdAtMs of \d+ is \d{10}(\.\d+)?, expected \d{13}: /,
      (row) => ({ ...row, createdAtMs: (row.createdAtMs ?? 0) / 1_000 }),
    ],
    [
      'are in seconds',
      'list.created',
      /^\d+: createdAt is 1970-01-.*, expected a time after 1990\. If the vendor returns seconds, multiply them by 1,000; /,
      (row) => createdAt(row, (ms) => Math.floor(ms / 1_000)),
    ],
    [
      'are no numbers',
      'list.rows',
      /^jobs: createdAtMs of \d+ is NaN, expected epoch milliseconds or null: /,
      (row) => createdAt(row, () => Number.NaN),
    ],
    [
      'are no numbers in createdAtMs',
      'list.rows',
      /^jobs: createdAtMs of \d+ is NaN, expected \d{13}: /,
      (row) => ({ ...row, createdAtMs: Number.NaN }),
    ],
    [
      'are in the future',
      'list.created',
      /^\d+: createdAt is .*, expected a time before now, .*, as the job is \w+\. Check the vendor's unit and its time zone\.$/,
      (row) => createdAt(row, (ms) => ms + dayMs),
    ],
    [
      'change from read to read',
      'get.created',
      /^\d+: createdAt is .* in a list and .* when it is listed again, expected the same time\. Take it from the same field of the vendor/,
      (row) => createdAt(row, (ms) => ms - ++reads),
    ],
    [
      'differ between a list and a read by ID',
      'get.created',
      /^\d+: createdAt is .* in a list and .* by ID, expected the same time\. /,
      (row) => createdAt(row, (ms) => ms - 1),
    ],
  ])('%s', async (_what, id, complaint, change) => {
    const lie = lieInLists(id, change);
    await expect(lie).rejects.toThrow(complaint);
    await expect(lie).rejects.toBeInstanceOf(Violation);
  });

  test('are in another order than it declares', async () => {
    let row = 0;
    const lie = lieInLists('list.order', (each) => createdAt(each, (ms) => ms - (row++ % 2) * dayMs), {
      order: { by: 'QUERY', precisionMs: 0 },
    });
    const complaint =
      /^jobs: not in the order of CREATED_AT ASC: \d+ \(.*\) comes before \d+ \(.*\)\. If the vendor can't sort by it, declare \{ by: 'FIXED' \}/;
    await expect(lie).rejects.toThrow(complaint);
    await expect(lie).rejects.toBeInstanceOf(Violation);
  });

  test('are left out of a read by ID without leftOut', async () => {
    const change = ({ getJobs }: JobSystemAdapter, leftOut: JobFields['leftOut']): Partial<JobSystemAdapter> => ({
      async getJobs(ids, call) {
        const results = (await getJobs?.(ids, call)) ?? [];
        return results.map((read) =>
          read.kind === 'job' ? { kind: 'job', job: { ...read.job, createdAt: null, ...(leftOut && { leftOut }) } } : read,
        );
      },
    });
    await expect(check('get.created', clusters.subject, (honest) => change(honest, undefined))).rejects.toThrow(
      / in a list and null by ID/,
    );
    await check('get.created', clusters.subject, (honest) => change(honest, ['createdAt']));
  });
});

const readChecks = checks.filter(({ id }) => id.startsWith('get.') || id === 'act.effect');

test.each(readChecks)('an adapter of a vendor without reads by id passes $id', async ({ run }) => {
  const { getJobs: _none, ...adapter } = clusters.subject.adapter;
  await run({ ...clusters.subject, adapter });
});

describe('an adapter whose action creates jobs fails the suite if it', () => {
  let flows: Awaited<ReturnType<typeof startSubject>>;
  beforeAll(async () => {
    flows = await startSubject(airflow);
  });
  afterAll(async () => {
    await flows.subject.adapter.close();
    await flows.sandbox.close();
  });

  /** Changes each response to a start. */
  const lie = (id: string, change: (response: Extract<ActionResponse, { kind: 'accepted' }>, vendorId: string) => ActionResponse) =>
    check(id, flows.subject, ({ performAction }) => ({
      async performAction(action, targets, call) {
        const responses = await performAction(action, targets, call);
        if (action !== 'START') return responses;
        return responses.map((response, index) =>
          response.kind === 'accepted' ? change(response, targets[index]?.vendorId ?? '') : response,
        );
      },
    }));

  test('names no created job', async () => {
    await expect(lie('act.effect', ({ job }) => ({ kind: 'accepted', job }))).rejects.toThrow(/the response has no createdVendorId$/);
  });

  test('names the job that exists already', async () => {
    const named = lie('act.effect', (response, vendorId) => ({ ...response, createdVendorId: vendorId }));
    await expect(named).rejects.toThrow(/^START: two jobs have one created job$/);
  });

  test('names a job that does not exist', async () => {
    const invented = lie('act.effect', (response) => ({ ...response, createdVendorId: 'etl_orders/none' }));
    await expect(invented).rejects.toThrow(/^etl_orders\/none: notFound$/);
  });

  test('creates a second job for a second attempt', async () => {
    const forgetful = check('act.again', flows.subject, ({ performAction }) => ({
      performAction: (action, targets, call) => performAction(action, targets, { ...call, actionKey: randomUUID() }),
    }));
    await expect(forgetful).rejects.toThrow(/two attempts with one key created/);
  });

  test('changes the named job', async () => {
    const restarting = check('act.effect', flows.subject, ({ performAction }) => ({
      async performAction(action, targets, call) {
        const responses = await performAction(action, targets, call);
        if (action === 'START') await performAction('RESTART', targets, call);
        return responses;
      },
    }));
    await expect(restarting).rejects.toThrow(/declared to leave the job unchanged; it was SUCCEEDED and is QUEUED$/);
  });
});

describe('a vendor that removes the jobs that it cancels', () => {
  test('passes act.effect', async () => {
    const removed = check('act.effect', clusters.subject, ({ getJobs }) => ({
      getJobs: async (ids, call) =>
        ((await getJobs?.(ids, call)) ?? []).map((result) =>
          result.kind === 'job' && result.job.status === 'CANCELLED' ? { kind: 'notFound' } : result,
        ),
    }));
    await expect(removed).resolves.toBeUndefined();
  });

  test('fails if other jobs vanish', async () => {
    const lost = check('act.effect', clusters.subject, () => ({
      getJobs: async (ids) => ids.map(() => ({ kind: 'notFound' })),
    }));
    await expect(lost).rejects.toThrow(/notFound$/);
  });
});

describe('an adapter with logs fails the suite if it', () => {
  let libraries: Awaited<ReturnType<typeof startSubject>>;
  beforeAll(async () => {
    libraries = await startSubject(aodocs);
  });
  afterAll(async () => {
    await libraries.subject.adapter.close();
    await libraries.sandbox.close();
  });

  /** Changes each part that the honest adapter returns. */
  const lie = (id: string, change: (part: LogPart, request: LogRequest) => LogPart, declared: Partial<LogSupport> = {}) =>
    check(id, libraries.subject, ({ logs }) => {
      if (!logs) throw new Error('No logs');
      const getPart: LogSupport['getPart'] = async (job, request, call) => {
        const read = await logs.getPart(job, request, call);
        return read.ok && read.value ? { ok: true, value: change(read.value, request) } : read;
      };
      return { logs: { ...logs, ...declared, getPart } };
    });

  test.each<[string, string, RegExp, (part: LogPart, request: LogRequest) => LogPart, Partial<LogSupport>?]>([
    [
      'skips a line between two parts',
      'log.pages',
      /other lines with 1 per part/,
      (part, { count }) => (part.lines.length === count ? { ...part, next: { ...part.next, row: part.next.row + 1 } } : part),
    ],
    [
      'repeats a line after a cursor',
      'log.pages',
      /skips or repeats lines|followed by row/,
      (part) => ({ ...part, lines: part.lines.map((line) => ({ ...line, nextRow: line.nextRow - 1 })) }),
    ],
    [
      'returns more lines than requested',
      'log.pages',
      /lines in a part of at most/,
      (part) => ({ ...part, lines: part.lines.flatMap((line) => [line, line]) }),
    ],
    ['stops at the same position', 'log.pages', /doesn't advance from row/, (part, { at }) => ({ ...part, next: at, hasMore: true })],
    [
      'ignores the order of parts',
      'log.pages',
      /other lines with/,
      (part) => ({
        ...part,
        lines: part.lines.toReversed().map(({ nextRow: _, ...line }, index) => ({ ...line, nextRow: part.lines[index]?.nextRow ?? 1 })),
      }),
    ],
    [
      'leaves out lines that are severe enough',
      'log.severity',
      /other lines from (WARNING|ERROR) on/,
      (part, { minSeverity }) => (minSeverity ? { ...part, lines: part.lines.slice(1) } : part),
    ],
    ['declares no severities, but has some', 'log.severity', /hasSeverities is false/, (part) => part, { hasSeverities: false }],
  ])('%s', async (_what, id, complaint, change, declared) => {
    await expect(lie(id, change, declared)).rejects.toThrow(complaint);
  });

  test('invents lines of a job that does not exist', async () => {
    const invented = { loggedAt: null, severity: null, message: 'x', source: null, stepId: null, nextRow: 1 };
    const result = check('log.absent', libraries.subject, ({ logs }) => ({
      logs: {
        ofJobs: true,
        ofSteps: false,
        hasSeverities: true,
        ...logs,
        getPart: async (_job, { at }) => ({
          ok: true,
          value: { lines: [invented], next: { ...at, row: 1 }, hasMore: false, omission: null },
        }),
      },
    }));
    await expect(result).rejects.toThrow(/lines of a job that doesn't exist/);
  });
});
