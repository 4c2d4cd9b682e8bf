import { allJobs, startOfList } from '../jobs/adapter.ts';
import { createJob } from '../jobs/create-job.ts';
import { jobActions } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { openLists } from '../reading/open-lists.ts';
import { type Check, expectThat, readEverything, type Subject } from './check.ts';
import { readByIds } from './read-by-ids.ts';

export const readChecks: readonly Check[] = [
  {
    id: 'support.consistent',
    statement: 'MUST declare its actions consistently',
    readOnly: true,
    async run({ adapter }) {
      for (const action of jobActions) {
        const { support, allowedStatuses, maxBatchSize, requestSize } = adapter.actions[action];
        expectThat(
          (support === 'UNSUPPORTED') === (allowedStatuses.length === 0),
          `${action}: ${support} from ${allowedStatuses.length} statuses`,
        );
        expectThat(support !== 'ONE_BY_ONE' || requestSize === 1, `${action}: one by one, but ${requestSize} in a request`);
        expectThat(
          maxBatchSize === null || requestSize <= maxBatchSize,
          `${action}: ${requestSize} in a request of at most ${maxBatchSize}`,
        );
      }
    },
  },
  {
    id: 'check.healthy',
    statement: 'MUST report a healthy system as healthy',
    readOnly: true,
    async run({ adapter, createCall }) {
      const problem = await adapter.checkHealth(createCall());
      expectThat(problem === null, problem?.message ?? '');
    },
  },
  {
    id: 'get.order',
    statement: 'MUST return one result per ID, in the order of the IDs',
    readOnly: true,
    async run(subject) {
      const ids = (await someIds(subject)).reverse();
      const results = await readByIds(ids, subject);
      expectThat(results.length === ids.length, `${results.length} results for ${ids.length} ids`);
      for (const [id, result] of pairResults(ids, results)) {
        expectThat(result.kind !== 'problem', `${id}: ${result.kind === 'problem' ? result.problem.message : ''}`);
        expectThat(result.kind !== 'job' || result.job.vendorId === id, `${id}: another job is in its place`);
      }
      expectThat(
        results.some(({ kind }) => kind === 'job'),
        "can't read any of the listed jobs",
      );
    },
  },
  {
    id: 'get.limit',
    statement: 'MUST read as many jobs per call as it declares',
    readOnly: true,
    async run(subject) {
      const { adapter } = subject;
      const listed = await readEverything(allJobs, subject);
      const [example = '0'] = listed.keys();
      const count = adapter.reads.maxBatchSize ?? Math.max(listed.size, 1_000);
      const ids = [...listed.keys(), ...unknownIds(example, count, adapter)].slice(0, count);
      const results = (await adapter.getJobs?.(ids, subject.createCall())) ?? [];
      if (!adapter.getJobs) return;
      expectThat(results.length === ids.length, `${results.length} results for ${ids.length} ids`);
      for (const [id, result] of pairResults(ids, results)) {
        expectThat(result.kind !== 'problem', `${ids.length} in one call: ${result.kind === 'problem' ? result.problem.message : ''}`);
        expectThat(result.kind === (listed.has(id) ? 'job' : 'notFound'), `${id}: ${result.kind}, ${ids.length} in one call`);
      }
    },
  },
  {
    id: 'get.absent',
    statement: 'MUST return notFound for an ID that no job has',
    readOnly: true,
    async run(subject) {
      // All of them: a queue that counts its jobs has an ID for each small number.
      const known = await readEverything(allJobs, subject);
      const [first = '0'] = known.keys();
      const unknown = mutations(first).find((id) => !known.has(id) && subject.adapter.checkVendorId(id) === null);
      if (unknown === undefined) return;
      const [result] = await readByIds([unknown], subject);
      expectThat(result?.kind === 'notFound', `${unknown}: ${result?.kind}`);
    },
  },
  {
    id: 'get.odd-ids',
    statement: 'MUST reject or read any text as an ID, and never throw',
    readOnly: true,
    async run(subject) {
      for (const id of [
        '',
        ' ',
        '\n',
        '0x10',
        '1e3',
        '-0',
        '007',
        '../../admin',
        'a/b?c=d&e',
        '%2e%2e',
        'ä',
        '9'.repeat(40),
        'x'.repeat(900),
      ]) {
        if (subject.adapter.checkVendorId(id) !== null) continue;
        const [result] = await readByIds([id], subject);
        expectThat(result?.kind === 'notFound' || result?.kind === 'problem', `${JSON.stringify(id)} is read as a job`);
      }
    },
  },
  {
    id: 'get.details',
    statement: 'MUST return no negative waits, and data ranges that end after they start',
    readOnly: true,
    async run(subject) {
      for (const { vendorId, waitSeconds, dataRange } of (await readEverything(allJobs, subject)).values()) {
        expectThat(waitSeconds === null || waitSeconds >= 0, `${vendorId}: waited ${waitSeconds} s`);
        const { from, to } = dataRange?.() ?? { from: null, to: null };
        expectThat(from === null || to === null || from <= to, `${vendorId}: a data range from ${from} to ${to}`);
      }
    },
  },
  {
    id: 'get.steps',
    statement: 'MUST return steps with unique IDs, valid times, links to web pages, and substeps without substeps',
    readOnly: true,
    async run(subject) {
      const { adapter, createCall } = subject;
      const rows = [...(await readEverything(allJobs, subject)).values()];
      // One job per status.
      for (const row of new Map(rows.map((fields) => [fields.status, fields])).values()) {
        const read = await adapter.getSteps?.(createJob('checked', row, new Date()), createCall());
        if (!read) return;
        expectThat(read.ok, `${row.vendorId}: ${read.ok ? '' : read.problem.message}`);
        const steps = read.value ?? [];
        const all = steps.flatMap((step) => [step, ...step.substeps]);
        expectThat(new Set(all.map(({ id }) => id)).size === all.length, `${row.vendorId}: two steps have the same ID`);
        for (const { id, durationSeconds, waitSeconds, links } of all) {
          expectThat((durationSeconds ?? 0) >= 0 && (waitSeconds ?? 0) >= 0, `${id}: a negative time`);
          for (const { url } of links) expectThat(/^https?:/.test(URL.parse(url)?.protocol ?? ''), `${id}: a link to ${url}`);
        }
        for (const { substeps } of steps) {
          expectThat(
            substeps.every((part) => part.substeps.length === 0),
            `${row.vendorId}: substeps have substeps`,
          );
        }
      }
    },
  },
  {
    id: 'call.aborted',
    statement: 'MUST return problems for a call that was aborted before it started, and never throw',
    readOnly: true,
    async run(subject) {
      const call = { ...subject.createCall(), signal: AbortSignal.abort() };
      const ids = (await someIds(subject)).slice(0, 1);
      const results = (await subject.adapter.getJobs?.(ids, call)) ?? [];
      for (const result of results) expectThat(result.kind === 'problem', `getJobs: ${result.kind}`);
      const [source] = await openLists(subject.adapter, allJobs, call);
      const page = await source?.readPage(startOfList, 10, call);
      expectThat(page?.ok === false, 'readPage: a page');
      expectThat((await subject.adapter.checkHealth(call)) !== null, 'check: healthy');
    },
  },
];

async function someIds(subject: Subject): Promise<string[]> {
  return [...(await readEverything(allJobs, subject)).keys()].slice(0, 6);
}

/** IDs of the same form that probably no job has: the digits are changed. */
function mutations(id: string): string[] {
  return [1, 3, 7].map((step) => id.replace(/\d/g, (digit) => String((Number(digit) * step + step) % 10 || step)));
}

/** Valid IDs that probably no job has: this ID with other last digits. */
function unknownIds(id: string, count: number, { checkVendorId }: Subject['adapter']): string[] {
  const [, start = '', digits = ''] = /^(.*?)(\d{0,6})$/.exec(id) ?? [];
  return Array.from({ length: count }, (_, index) => `${start}${String(999_999 - index).padStart(digits.length, '0')}`).filter(
    (unknown) => checkVendorId(unknown) === null,
  );
}
