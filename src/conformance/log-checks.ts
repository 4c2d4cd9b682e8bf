import { allJobs, type CallContext, type ListPosition, startOfList } from '../jobs/adapter.ts';
import { createJob } from '../jobs/create-job.ts';
import type { Job } from '../jobs/job.ts';
import { type LineOfPart, type LogLine, type LogSeverity, type LogSupport, logSeverities } from '../jobs/job-log.ts';
import { maxPartLength } from '../jobs/list-position.ts';
import { type Check, expectThat, readEverything, type Subject } from './check.ts';

/** Enough to see whether pages fit together, of a real log that may be long. */
const maxLines = 300;
const maxParts = 2_000;

export const logChecks: readonly Check[] = [
  {
    id: 'log.pages',
    statement: 'MUST return the same lines of a log, in the same order, whatever the number of lines per part',
    readOnly: true,
    async run(subject) {
      await forEachLog(subject, async (log) => {
        const whole = await readLines(log, { size: maxLines, minSeverity: null });
        for (const size of [1, 7]) {
          const pieces = await readLines(log, { size, minSeverity: null });
          expectThat(beginsWith(pieces, whole), `${log.name}: other lines with ${size} per part than with ${maxLines}`);
        }
        const middle = whole[Math.floor(whole.length / 2)];
        if (!middle) return;
        const rest = await readLines(log, { size: maxLines, minSeverity: null, from: middle.after });
        expectThat(beginsWith(rest, whole.slice(whole.indexOf(middle) + 1)), `${log.name}: reading on from a line skips or repeats lines`);
      });
    },
  },
  {
    id: 'log.severity',
    statement: 'MUST leave out exactly the lines that are less severe than requested, and declare whether lines have severities',
    readOnly: true,
    async run(subject) {
      await forEachLog(subject, async (log) => {
        const whole = await readLines(log, { size: maxLines, minSeverity: null });
        expectThat(
          log.logs.hasSeverities || whole.every(({ line }) => line.severity === null),
          `${log.name}: lines have severities, but hasSeverities is false`,
        );
        // A longer log may have further lines that are severe enough.
        if (whole.length >= maxLines) return;
        for (const minSeverity of ['WARNING', 'ERROR'] as const) {
          const severe = await readLines(log, { size: 3, minSeverity });
          const expected = whole.filter(({ line: { severity } }) => severity === null || rankOf(severity) >= rankOf(minSeverity));
          expectThat(severe.length === expected.length && beginsWith(severe, expected), `${log.name}: other lines from ${minSeverity} on`);
        }
      });
    },
  },
  {
    id: 'log.absent',
    statement: 'MUST return no log, or a problem, for a job or step that does not exist and for an aborted call, and never throw',
    readOnly: true,
    async run({ adapter, createCall, ...subject }) {
      const { logs } = adapter;
      const [fields] = (await readEverything(allJobs, { adapter, createCall, ...subject })).values();
      if (!logs || !fields) return;
      const job = createJob('checked', fields, new Date());
      const unknown = { ...job, vendorId: job.vendorId.replace(/\d/g, '7'), id: 'checked:unknown' };
      const asked = { at: startOfList, count: 10, minSeverity: null };
      if (unknown.vendorId !== job.vendorId && logs.ofJobs) {
        const part = await logs.getPart(unknown, { ...asked, stepId: null }, createCall());
        expectThat(!part.ok || (part.value?.lines.length ?? 0) === 0, `${unknown.vendorId}: lines of a job that doesn't exist`);
      }
      if (logs.ofSteps) {
        const part = await logs.getPart(job, { ...asked, stepId: 'no such step' }, createCall());
        expectThat(!part.ok || (part.value?.lines.length ?? 0) === 0, `${job.vendorId}: lines of a step that doesn't exist`);
      }
      const aborted = await logs.getPart(job, { ...asked, stepId: null }, { ...createCall(), signal: AbortSignal.abort() });
      expectThat(!aborted.ok || !logs.ofJobs, 'an aborted call: lines');
    },
  },
];

interface Log {
  logs: LogSupport;
  job: Job;
  stepId: string | null;
  createCall: () => CallContext;
  /** For complaints. */
  name: string;
}

/** The logs of one job per status, and of its first and last step. */
async function forEachLog(subject: Subject, check: (log: Log) => Promise<void>): Promise<void> {
  const { adapter, createCall } = subject;
  const { logs } = adapter;
  if (!logs) return;
  const rows = [...(await readEverything(allJobs, subject)).values()];
  for (const row of new Map(rows.map((fields) => [fields.status, fields])).values()) {
    const job = createJob('checked', row, new Date());
    if (logs.ofJobs) await check({ logs, job, stepId: null, createCall, name: `the log of ${row.vendorId}` });
    const read = logs.ofSteps ? await adapter.getSteps?.(job, createCall()) : undefined;
    const steps = (read?.ok ? read.value : null) ?? [];
    for (const { id } of new Set([...steps.slice(0, 1), ...steps.slice(-1)])) {
      await check({ logs, job, stepId: id, createCall, name: `the log of ${row.vendorId}, step ${id}` });
    }
  }
}

interface Reading {
  /** Lines per part. */
  size: number;
  minSeverity: LogSeverity | null;
  /** Default: the start. */
  from?: ListPosition;
}

interface ReadLine {
  line: LogLine;
  /** The position behind it. */
  after: ListPosition;
}

async function readLines(
  { logs, job, stepId, createCall, name }: Log,
  { size, minSeverity, from = startOfList }: Reading,
): Promise<ReadLine[]> {
  const lines: ReadLine[] = [];
  // One call, as for one page.
  const call = createCall();
  let at = from;
  for (let parts = 0; parts < maxParts; parts += 1) {
    const part = await logs.getPart(job, { stepId, at, count: size, minSeverity }, call);
    expectThat(part.ok, `${name}: can't be read: ${part.ok ? '' : part.problem.message}`);
    if (!part.value) break;
    const { lines: more, next, hasMore } = part.value;
    expectThat(more.length <= size, `${name}: ${more.length} lines in a part of at most ${size}`);
    expectThat(
      (next.part?.length ?? 0) <= maxPartLength,
      `${name}: the name of a part has ${next.part?.length} characters, more than 1,000`,
    );
    for (const { nextRow, ...line } of more) lines.push({ line, after: { part: at.part, row: checkRow(nextRow, at, name) } });
    if (!hasMore || lines.length >= maxLines) break;
    expectThat(next.part !== at.part || next.row > at.row, `${name}: reading doesn't advance from row ${at.row}`);
    at = next;
  }
  return lines.slice(0, maxLines);
}

function checkRow(row: LineOfPart['nextRow'], { row: start }: ListPosition, name: string): number {
  expectThat(row > start, `${name}: a line from row ${start} on is followed by row ${row}`);
  return row;
}

/** Whether these are the other lines, and perhaps later ones. */
function beginsWith(lines: readonly ReadLine[], others: readonly ReadLine[]): boolean {
  return others.every(({ line }, index) => JSON.stringify(line) === JSON.stringify(lines[index]?.line));
}

function rankOf(severity: LogSeverity): number {
  return logSeverities.indexOf(severity);
}
