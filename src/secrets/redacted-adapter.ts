import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ActionResponse,
  type CallContext,
  isOddRow,
  type JobQuery,
  type JobSystemAdapter,
  type ListedJob,
  type ListPage,
  type ListSource,
  type OddRow,
  type ReadResult,
} from '../jobs/adapter.ts';
import { needsRowFields } from '../jobs/filter.ts';
import type { JobFailure, JobFields, JobLink, JobOutput, JobStep } from '../jobs/job.ts';
import type { LineOfPart, LogPart, LogSupport } from '../jobs/job-log.ts';
import { toPlainText } from '../jobs/log-text.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { createProblem, fail, type Problem, type Result, succeed } from '../jobs/problem.ts';
import type { Redactor } from './redactor.ts';

/**
 * An adapter whose results for people contain no secrets: messages of problems, and texts of jobs, their steps, failures, logs, and raw fields.
 * What names something for later requests is returned unchanged or not at all: see `redactRow` and `redactPage`.
 */
export function redactAdapter(systemId: string, adapter: JobSystemAdapter, redactor: Redactor): JobSystemAdapter {
  const ofCalls = new WeakMap<CallContext, Redactor>();
  /** A caller's own credential is known during its call only. */
  const redactorFor = (call: CallContext): Redactor => {
    if (call.credential === null) return redactor;
    const known = ofCalls.get(call) ?? redactor.with(call.credential);
    ofCalls.set(call, known);
    return known;
  };
  const { getJobs } = adapter;

  return {
    ...adapter,
    // It may change at any time.
    get reads() {
      return adapter.reads;
    },
    ...(getJobs && {
      async getJobs(vendorIds, call) {
        const results = await getJobs(vendorIds, call);
        return results.map((result) => redactRead(result, redactorFor(call)));
      },
    }),
    listJobs: (query) => adapter.listJobs(query).map((source) => redactList(systemId, source, query, redactor, redactorFor)),
    async performAction(action, targets, call) {
      const answers = await adapter.performAction(action, targets, call);
      return answers.map((answer) => redactResponse(answer, redactorFor(call)));
    },
    async checkHealth(call) {
      const problem = await adapter.checkHealth(call);
      return problem && redactProblem(problem, redactorFor(call));
    },
    ...redactOptionalReads(systemId, adapter, redactorFor),
  };
}

/** The requests that some adapters don't have. */
function redactOptionalReads(
  systemId: string,
  adapter: JobSystemAdapter,
  redactorFor: (call: CallContext) => Redactor,
): Partial<JobSystemAdapter> {
  const { resolveInconclusive, readLeftOut, findLists, getSteps, getStepsOfJobs, getProgress, getFailure, getOutputs, logs } = adapter;
  return {
    ...(resolveInconclusive && {
      async resolveInconclusive(action, targets, call) {
        const answers = await resolveInconclusive(action, targets, call);
        return answers.map((answer) => redactResponse(answer, redactorFor(call)));
      },
    }),
    ...(findLists && {
      async findLists(call) {
        const problem = await findLists(call);
        return problem && redactProblem(problem, redactorFor(call));
      },
    }),
    ...(readLeftOut && {
      async readLeftOut(jobs, call) {
        const results = await readLeftOut(jobs, call);
        // A job that wasn't read is returned as passed, so it is already redacted.
        return pairResults(jobs, results).map(([job, result]) =>
          result.kind === 'job' && result.job === job ? result : redactRead(result, redactorFor(call)),
        );
      },
    }),
    ...(getSteps && {
      getSteps: async (job, call) => redactResult(await getSteps(job, call), redactorFor(call), redactSteps),
    }),
    ...(getStepsOfJobs && {
      async getStepsOfJobs(jobs, call) {
        const outcomes = await getStepsOfJobs(jobs, call);
        return outcomes.map((outcome) => redactResult(outcome, redactorFor(call), redactSteps));
      },
    }),
    ...(getProgress && {
      getProgress: async (job, call) => redactResult(await getProgress(job, call), redactorFor(call), (progress) => progress),
    }),
    ...(typeof getFailure === 'function' && {
      getFailure: async (job, call) => redactResult(await getFailure(job, call), redactorFor(call), redactFailure),
    }),
    ...(getOutputs && {
      getOutputs: async (job, call) => redactResult(await getOutputs(job, call), redactorFor(call), redactOutputs),
    }),
    ...(logs && { logs: redactLogs(systemId, logs, redactorFor) }),
  };
}

function redactProblem(problem: Problem, redactor: Redactor): Problem {
  const message = redactor.redactText(problem.message);
  return message === problem.message ? problem : { ...problem, message };
}

function redactResult<Value>(
  outcome: Result<Value>,
  redactor: Redactor,
  redactValue: (value: Value, redactor: Redactor) => Value,
): Result<Value> {
  return outcome.ok ? succeed(redactValue(outcome.value, redactor)) : fail(redactProblem(outcome.problem, redactor));
}

function redactRead(result: ReadResult, redactor: Redactor): ReadResult {
  if (result.kind === 'job') return { kind: 'job', job: redactFields(result.job, redactor) };
  return result.kind === 'problem' ? { kind: 'problem', problem: redactProblem(result.problem, redactor) } : result;
}

function redactResponse(answer: ActionResponse, redactor: Redactor): ActionResponse {
  switch (answer.kind) {
    case 'accepted':
      return { ...withoutSecretId(answer, redactor), job: answer.job && redactFields(answer.job, redactor) };
    case 'notFound':
      return answer;
    case 'rejected':
    case 'batchRejected':
      return { ...answer, problem: redactProblem(answer.problem, redactor), vendorCode: redactNullable(answer.vendorCode, redactor) };
    case 'inconclusive':
      return { ...withoutSecretId(answer, redactor), problem: redactProblem(answer.problem, redactor) };
    case 'notSent':
      return { ...answer, problem: redactProblem(answer.problem, redactor) };
  }
}

/** An ID can't be changed: the created job is unknown if its ID contains a secret. */
function withoutSecretId<Answer extends { createdVendorId?: string }>(answer: Answer, redactor: Redactor): Answer {
  if (answer.createdVendorId === undefined || !redactor.isInIdentifier(answer.createdVendorId)) return answer;
  const unknown = { ...answer };
  delete unknown.createdVendorId;
  return unknown;
}

function redactList(
  systemId: string,
  source: ListSource,
  query: JobQuery,
  redactor: Redactor,
  redactorFor: (call: CallContext) => Redactor,
): ListSource {
  const makesAll = needsRowFields(query);
  // Cursors contain it.
  const nameOf = (name: string): string =>
    redactor.isInIdentifier(name) ? `list ${createHash('sha256').update(name).digest('base64url').slice(0, 22)}` : name;
  return {
    ...source,
    name: nameOf(source.name),
    ...(source.partOf !== undefined && { partOf: nameOf(source.partOf) }),
    async readPage(at, count, call) {
      const page = await source.readPage(at, count, call);
      return page.ok ? redactPage(systemId, page.value, makesAll, redactorFor(call)) : fail(redactProblem(page.problem, redactorFor(call)));
    },
  };
}

/** A few milliseconds of work. A usual page has fewer rows; a vendor's list in one response may have any number. */
const rowsPerTurn = 1_000;

/**
 * Cursors contain the token of the next page, which can't be changed: a token with a secret isn't used. `makesAll`: the fields of all rows
 * are created here once, as all of them are examined.
 */
async function redactPage(systemId: string, page: ListPage, makesAll: boolean, redactor: Redactor): Promise<Result<ListPage>> {
  if (isSecretToken(page.nextPart, redactor)) return fail(tokenWithSecret(systemId));
  const rows: (ListedJob | OddRow)[] = [];
  for (const row of page.rows) {
    rows.push(redactRow(systemId, row, page.firstRow + rows.length, makesAll, redactor));
    if (rows.length % rowsPerTurn === 0) await nextTurn();
  }
  return succeed({ ...page, rows });
}

function isSecretToken(token: string | null, redactor: Redactor): boolean {
  return token !== null && redactor.isInIdentifier(token);
}

function tokenWithSecret(systemId: string): Problem {
  const message = `${systemId} returned a page token that contains a secret of Jobyard's configuration or session. Jobyard doesn't use it.`;
  return createProblem('INVALID_VENDOR_RESPONSE', message);
}

/** An ID can't be changed either: lists omit a job whose ID contains a secret. */
function redactRow(systemId: string, row: ListedJob | OddRow, index: number, makesAll: boolean, redactor: Redactor): ListedJob | OddRow {
  const job = isOddRow(row) ? row.job : row;
  if (job && redactor.isInIdentifier(job.vendorId)) {
    const message = `${systemId} returned an invalid row: the ID of row ${index + 1} contains a secret of Jobyard's configuration or session. The row is omitted.`;
    return { job: null, problem: createProblem('INVALID_VENDOR_RESPONSE', message) };
  }
  if (!isOddRow(row)) return redactListed(row, makesAll, redactor);
  return { job: row.job && redactListed(row.job, makesAll, redactor), problem: redactProblem(row.problem, redactor) };
}

/** What isn't shown isn't searched for secrets. */
function redactListed({ vendorId, createdAtMs, toFields }: ListedJob, makesAll: boolean, redactor: Redactor): ListedJob {
  if (!makesAll) return { vendorId, createdAtMs, toFields: () => redactFields(toFields(), redactor) };
  try {
    const fields = redactFields(toFields(), redactor);
    return { vendorId, createdAtMs, toFields: () => fields };
  } catch (error) {
    // Only this row is lost: see `containAdapter`.
    return {
      vendorId,
      createdAtMs,
      toFields() {
        throw error;
      },
    };
  }
}

/** In place: an adapter creates new fields for each read. */
function redactFields(job: JobFields, redactor: Redactor): JobFields {
  const { name, type, vendorStatus, owner, links, raw } = job;
  if (name !== null) job.name = redactor.redactText(name);
  if (type !== null) job.type = redactor.redactText(type);
  if (vendorStatus !== null) job.vendorStatus = redactor.redactText(vendorStatus);
  if (owner !== null) job.owner = redactor.redactText(owner);
  if (job.failure) job.failure = redactFailure(job.failure, redactor);
  // Later requests use the original scope.
  if (job.scope !== null) {
    const shownScope = redactor.redactText(job.scope);
    if (shownScope !== job.scope) job.shownScope = shownScope;
  }
  if (job.tags) job.tags = job.tags.map((tag) => redactor.redactText(tag));
  if (links) job.links = () => links().flatMap((link) => redactLink(link, redactor));
  job.raw = () => redactor.redactData(raw());
  return job;
}

function redactFailure(failure: JobFailure | null, redactor: Redactor): JobFailure | null {
  if (!failure) return null;
  return {
    message: redactMessage(failure.message, redactor),
    code: redactNullable(failure.code, redactor),
    advice: redactNullable(failure.advice, redactor),
    step: failure.step && redactStep(failure.step, redactor),
  };
}

/** The message is shown on one line later, which may join the words of a secret. */
function redactMessage(message: string, redactor: Redactor): string {
  const line = message.replace(/[\s\p{Cc}]+/gu, ' ');
  const shownLine = redactor.redactText(line);
  return shownLine === line ? redactor.redactText(message) : shownLine;
}

function redactSteps(steps: JobStep[] | null, redactor: Redactor): JobStep[] | null {
  return steps?.map((step) => redactStep(step, redactor)) ?? null;
}

/** The ID of a step isn't used in later requests. */
function redactStep(step: JobStep, redactor: Redactor): JobStep {
  return {
    ...step,
    id: redactor.redactText(step.id),
    name: redactor.redactText(step.name),
    vendorStatus: redactNullable(step.vendorStatus, redactor),
    message: redactNullable(step.message, redactor),
    failureCode: redactNullable(step.failureCode, redactor),
    advice: redactNullable(step.advice, redactor),
    substeps: step.substeps.map((substep) => redactStep(substep, redactor)),
    links: step.links.flatMap((link) => redactLink(link, redactor)),
  };
}

/** A link that contains a secret, as written or as normalized later, would be broken without it. */
function redactLink({ title, url }: JobLink, redactor: Redactor): JobLink[] {
  const isSecret = [url, URL.parse(url)?.href ?? ''].some((text) => redactor.redactText(text) !== text);
  return isSecret ? [] : [{ title: redactor.redactText(title), url }];
}

function redactOutputs(outputs: readonly JobOutput[] | null, redactor: Redactor): readonly JobOutput[] | null {
  return (
    outputs?.map(({ name, stepId, value }) => ({
      name: redactor.redactText(name),
      stepId: redactNullable(stepId, redactor),
      value: redactor.redactData(value),
    })) ?? null
  );
}

function redactLogs(systemId: string, logs: LogSupport, redactorFor: (call: CallContext) => Redactor): LogSupport {
  return {
    ...logs,
    async getPart(job, request, call) {
      const redactor = redactorFor(call);
      const read = await logs.getPart(job, request, call);
      if (read.ok && read.value && isSecretToken(read.value.next.part, redactor)) return fail(tokenWithSecret(systemId));
      return redactResult(read, redactor, redactLogPart);
    },
  };
}

function redactLogPart(part: LogPart | null, redactor: Redactor): LogPart | null {
  return (
    part && { ...part, lines: part.lines.map((line) => redactLine(line, redactor)), omission: redactNullable(part.omission, redactor) }
  );
}

/** Without control characters first, as they may separate the characters of a secret. */
function redactLine(line: LineOfPart, redactor: Redactor): LineOfPart {
  return {
    ...line,
    message: redactor.redactText(toPlainText(line.message)),
    source: line.source === null ? null : redactor.redactText(toPlainText(line.source)),
    stepId: redactNullable(line.stepId, redactor),
  };
}

function redactNullable(text: string | null, redactor: Redactor): string | null {
  return text === null ? null : redactor.redactText(text);
}
