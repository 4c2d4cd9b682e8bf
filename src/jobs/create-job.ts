import type { Job, JobFields, LeftOutFact } from './job.ts';
import type { Problem } from './problem.ts';
import { toFailure, toInstant, toName, toProgress, toSeconds, toTags } from './vendor-facts.ts';

/** A job just read from the vendor. Bounds its texts and values, except the IDs and the scope, which later vendor calls must repeat. */
export function createJob(systemId: string, fields: JobFields, observedAt: Date): Job {
  return {
    id: `${systemId}:${fields.vendorId}`,
    systemId,
    vendorId: fields.vendorId,
    name: toName(fields.name),
    type: toName(fields.type),
    status: fields.status,
    vendorStatus: toName(fields.vendorStatus),
    owner: toName(fields.owner),
    createdAt: toInstant(fields.createdAt),
    startedAt: toInstant(fields.startedAt),
    finishedAt: toInstant(fields.finishedAt),
    ...(fields.scheduledFor && { scheduledFor: toInstant(fields.scheduledFor) }),
    ...(fields.updatedAt && { updatedAt: toInstant(fields.updatedAt) }),
    durationSeconds: toSeconds(fields.durationSeconds),
    progress: toProgress(fields.progress),
    ...(fields.failure !== undefined && { failure: fields.failure && toFailure(fields.failure) }),
    scope: fields.scope,
    ...(fields.shownScope !== undefined && { shownScope: fields.shownScope }),
    waitSeconds: toSeconds(fields.waitSeconds),
    dataRange: fields.dataRange,
    ...(fields.leftOut && { leftOut: fields.leftOut }),
    ...(fields.tags !== undefined && { tags: fields.tags && toTags(fields.tags) }),
    ...(fields.links && { links: fields.links }),
    raw: fields.raw,
    observedAt,
    stale: false,
    problem: problemOf(fields),
  };
}

const whyUnread = Symbol('whyUnread');
type UnreadFields = JobFields & { [whyUnread]: Problem };

/** Placeholders for the fields of a job that could not be read, with the reason. */
export function createUnreadFields(vendorId: string, createdAt: Date | null, problem: Problem): JobFields {
  const fields: UnreadFields = {
    vendorId,
    name: null,
    type: null,
    status: 'UNKNOWN',
    vendorStatus: null,
    owner: null,
    createdAt,
    startedAt: null,
    finishedAt: null,
    durationSeconds: null,
    progress: null,
    scope: null,
    waitSeconds: null,
    dataRange: null,
    raw: () => null,
    [whyUnread]: problem,
  };
  return fields;
}

/** Why these fields are placeholders; null: the vendor returned them. */
export function problemOf(fields: JobFields): Problem | null {
  return (fields as Partial<UnreadFields>)[whyUnread] ?? null;
}

/** Adds the facts of another copy of the job to a new copy: its name, and the facts that the new copy leaves out. */
export function addKnownFacts(job: Job, known: JobFields): void {
  job.name ??= known.name;
  // Until a job starts, its waiting time grows.
  if (job.leftOut) for (const fact of job.leftOut) if (fact !== 'waitSeconds' || known.startedAt) addFact(job, known, fact);
}

function addFact<Fact extends LeftOutFact>(job: JobFields, known: JobFields, fact: Fact): void {
  job[fact] ??= known[fact];
}

/** Whether a fact is worth another read: this copy leaves it out, and no earlier one had it. */
export function isLeftOut(job: JobFields, fact: LeftOutFact): boolean {
  return job[fact] === null && (job.leftOut?.includes(fact) ?? false);
}

/** A placeholder for a job that could not be read, with its ID and the reason. */
export function createUnreadJob(systemId: string, vendorId: string, problem: Problem, triedAt: Date): Job {
  return createJob(systemId, createUnreadFields(vendorId, null, problem), triedAt);
}

/** A placeholder for a job that its system no longer has: an earlier copy's facts that don't change. */
export function createGoneJob(job: Job, problem: Problem, triedAt: Date): Job {
  const { systemId, vendorId, name, type, owner, scope, shownScope, createdAt } = job;
  const facts = { name, type, owner, scope, ...(shownScope !== undefined && { shownScope }), createdAt };
  return { ...createUnreadJob(systemId, vendorId, problem, triedAt), ...facts };
}
