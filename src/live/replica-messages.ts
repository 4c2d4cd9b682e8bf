import type { Job, JobLink } from '../jobs/job.ts';
import { toShownRaw } from '../jobs/vendor-facts.ts';

/** A polled job: its ID, its fingerprint, and its fields if it has changed; null: they are too large. */
export type PolledEntry = [id: string, fingerprint: string, fields?: JobAsJson | null];

/** A message from one replica to all. */
export interface Message {
  from: string;
  /** Jobs that were just polled. */
  jobs?: PolledEntry[];
  /** Requests: IDs of jobs. */
  requests?: string[];
  /** Responses to requests. */
  known?: JobAsJson[];
}

/** A part of a message; its entries are JSON. */
export type Part = Exclude<keyof Message, 'from'>;

/** The capacity of a notification without the frame around the entries. */
const maxEntryBytes = 7_450;

/** The entry of a polled job. */
export function toPolledEntry(job: Job, fingerprint: string, changed: boolean): string {
  const entry = JSON.stringify((changed ? [job.id, fingerprint, toFields(job)] : [job.id, fingerprint]) satisfies PolledEntry);
  return fitsOne(entry) ? entry : JSON.stringify([job.id, fingerprint, null] satisfies PolledEntry);
}

/** The entry of a requested job; null: it is too large. */
export function toKnownEntry(job: Job): string | null {
  const entry = JSON.stringify(toFields(job));
  return fitsOne(entry) ? entry : null;
}

function fitsOne(entry: string): boolean {
  return Buffer.byteLength(entry) < maxEntryBytes;
}

/** Splits the entries, in their order, into groups that fit a message. */
export function groupEntries(entries: readonly string[]): string[][] {
  const groups: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry) + 1;
    if (bytes + size > maxEntryBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(entry);
    bytes += size;
  }
  return groups;
}

export function formatMessage(from: string, part: Part, entries: readonly string[]): string {
  return `{"from":"${from}","${part}":[${entries.join()}]}`;
}

type Instants = Pick<Job, 'createdAt' | 'startedAt' | 'finishedAt' | 'observedAt'> & {
  scheduledFor: Date | null | undefined;
  updatedAt: Date | null | undefined;
};
/** A job parsed from JSON. */
export type JobAsJson = Omit<Job, 'raw' | 'dataRange' | 'links' | keyof Instants> & {
  raw: unknown;
  dataRange: { from: string | null; to: string | null } | null;
  links: readonly JobLink[] | null;
} & {
  [Name in keyof Instants]: string | Exclude<Instants[Name], Date>;
};

function toFields(job: Job): JobAsJson {
  return JSON.parse(JSON.stringify({ ...job, raw: toShownRaw(job), dataRange: job.dataRange?.() ?? null, links: job.links?.() ?? null }));
}

export function fromFields({ raw, dataRange, links, createdAt, startedAt, finishedAt, observedAt, ...others }: JobAsJson): Job {
  const { scheduledFor, updatedAt, ...facts } = others;
  return {
    ...facts,
    createdAt: toDate(createdAt),
    startedAt: toDate(startedAt),
    finishedAt: toDate(finishedAt),
    ...(scheduledFor !== undefined && { scheduledFor: toDate(scheduledFor) }),
    ...(updatedAt !== undefined && { updatedAt: toDate(updatedAt) }),
    observedAt: new Date(observedAt),
    progress: facts.progress,
    raw: () => raw,
    ...(links && { links: () => links }),
    dataRange: dataRange && (() => ({ from: toDate(dataRange.from), to: toDate(dataRange.to) })),
  };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
