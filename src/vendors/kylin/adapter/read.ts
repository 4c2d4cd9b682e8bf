import { chunk } from '../../../concurrency/map-concurrently.ts';
import { type CallContext, isOddRow, type ListedJob, type OddRow, type ReadResult } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import type { Calls, Reply } from './calls.ts';
import { toListRow } from './map.ts';
import type { Selection } from './project-discovery.ts';
import type { Projects } from './projects.ts';
import type { JobList } from './wire.ts';

/** The parts that reads of one system need. */
export interface Reads {
  systemId: string;
  calls: Calls;
  projects: Projects;
}

/** How many projects the adapter searches for the same job at a time. */
export const projectsAtOnce = 4;

/** Reads each job with a search for its ID. */
export function getJobs(reads: Reads, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  return Promise.all(vendorIds.map((vendorId) => askAgainIfOutdated(() => readOnce(reads, vendorId, call))));
}

/** `isOutdated`: the projects that were queried have turned out to be the wrong ones. */
export interface Answer<Result> {
  result: Result;
  isOutdated: boolean;
}

export async function askAgainIfOutdated<Result>(ask: () => Promise<Answer<Result>>): Promise<Result> {
  const first = await ask();
  return first.isOutdated ? (await ask()).result : first.result;
}

/** The first of the answers, or `none`; outdated if any of them is. */
export function combine<Result>(answers: readonly Answer<Result>[], none: Result): Answer<Result> {
  return { result: answers[0] ? answers[0].result : none, isOutdated: answers.some(({ isOutdated }) => isOutdated) };
}

async function readOnce(reads: Reads, vendorId: string, call: CallContext): Promise<Answer<ReadResult>> {
  const { projects } = reads;
  const selection = await projects.select(call);
  if (!selection.ok) return { result: { kind: 'problem', problem: selection.problem }, isOutdated: false };
  if (selection.value === null) return readFrom(reads, null, vendorId, call);
  const home = projects.homeOf(vendorId);
  if (home !== null) {
    const { result, isOutdated, isRejected } = await readFrom(reads, home, vendorId, call);
    if (result.kind === 'job' || (result.kind === 'problem' && !isRejected)) return { result, isOutdated };
    projects.recordHome(vendorId, null);
  }
  return readFromEach(reads, selection.value, home, vendorId, call);
}

/** Searches the projects in groups until one has the job. A job is not found only if each project responded without it. */
async function readFromEach(
  reads: Reads,
  { names, leftOut }: Selection,
  asked: string | null,
  vendorId: string,
  call: CallContext,
): Promise<Answer<ReadResult>> {
  const problems: Answer<ReadResult>[] = [];
  for (const group of chunk(
    names.filter((name) => name !== asked),
    projectsAtOnce,
  )) {
    const answers = await Promise.all(group.map((project) => readFrom(reads, project, vendorId, call)));
    const hit = answers.find(({ result }) => result.kind === 'job');
    if (hit) return hit;
    problems.push(...answers.filter(({ result }) => result.kind === 'problem'));
  }
  if (problems.length === 0 && leftOut > 0) {
    return { result: { kind: 'problem', problem: describeLeftOut(reads.systemId, { names, leftOut }) }, isOutdated: false };
  }
  return combine(problems, { kind: 'notFound' });
}

/** Jobyard can't read jobs of the projects that are left out. */
export function describeLeftOut(systemId: string, { names, leftOut }: Selection): Problem {
  const message = `${systemId} has ${names.length + leftOut} projects with the Operation permission, but Jobyard queries at most ${names.length} of them. List the projects you need in "projects".`;
  return createProblem('SCAN_LIMIT_REACHED', message);
}

async function readFrom(
  { systemId, calls, projects }: Reads,
  project: string | null,
  vendorId: string,
  call: CallContext,
): Promise<Answer<ReadResult> & { isRejected: boolean }> {
  const reply = await calls.findJob(vendorId, project, call);
  const isOutdated = projects.learn(project, reply);
  return { result: toReadResult(systemId, projects, project, vendorId, reply), isOutdated, isRejected: reply.kind === 'rejected' };
}

function toReadResult(systemId: string, projects: Projects, project: string | null, vendorId: string, reply: Reply<JobList>): ReadResult {
  if (reply.kind !== 'value') return { kind: 'problem', problem: reply.problem };
  const rows = reply.value.value.map((row, index) => toListRow(row, { systemId, project, index }));
  const job = rows.map(jobOf).find((found) => found?.vendorId === vendorId);
  if (job) {
    if (project !== null) projects.recordHome(vendorId, project);
    return { kind: 'job', job: job.toFields() };
  }
  const unreadable = rows.find((row) => jobOf(row) === null);
  if (unreadable && isOddRow(unreadable)) return { kind: 'problem', problem: unreadable.problem };
  // Rows without the ID belong to a model, table, or project with that name: then Kylin did not search the IDs.
  if (rows.every((row) => jobOf(row)?.vendorId.includes(vendorId))) return { kind: 'notFound' };
  const message = `${systemId} can't search for this job, because its ID matches the name of a model, table, or project.`;
  return { kind: 'problem', problem: createProblem('INVALID_VENDOR_RESPONSE', message) };
}

/** The job of a row, as far as it is readable; null if it has no readable ID. */
export function jobOf(row: ListedJob | OddRow): ListedJob | null {
  return isOddRow(row) ? row.job : row;
}
