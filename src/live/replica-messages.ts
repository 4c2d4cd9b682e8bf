import type { Job } from '../jobs/job.ts';
import { toShownRaw } from '../jobs/vendor-facts.ts';

/** What is told of one job: its id, its fingerprint and, where it has changed, its fields; null: they are too large. */
export type Told = [id: string, fingerprint: string, fields?: JobAsJson | null];

/** One message of a replica to all. */
export interface Message {
  from: string;
  /** Polled just now. */
  jobs?: Told[];
  /** Ids of jobs of which more is to be known. */
  asks?: string[];
  /** Answers to that. */
  known?: JobAsJson[];
}

/** A part of a message; its entries are JSON. */
export type Part = Exclude<keyof Message, 'from'>;

/** What a notification holds without the frame around the entries. */
const maxEntryBytes = 7_450;

/** The entry of a job that was polled. */
export function toldEntry(job: Job, fingerprint: string, changed: boolean): string {
  const entry = JSON.stringify((changed ? [job.id, fingerprint, toFields(job)] : [job.id, fingerprint]) satisfies Told);
  return fitsOne(entry) ? entry : JSON.stringify([job.id, fingerprint, null] satisfies Told);
}

/** The entry of a job that was asked for; null: it is too large. */
export function knownEntry(job: Job): string | null {
  const entry = JSON.stringify(toFields(job));
  return fitsOne(entry) ? entry : null;
}

function fitsOne(entry: string): boolean {
  return Buffer.byteLength(entry) < maxEntryBytes;
}

/** The entries, in their order, in groups that each fit a message. */
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

type Instants = Pick<Job, 'createdAt' | 'startedAt' | 'finishedAt' | 'observedAt'>;
/** As JSON leaves it. */
export type JobAsJson = Omit<Job, 'raw' | 'dataRange' | keyof Instants> & {
  raw: unknown;
  dataRange: { from: string | null; to: string | null } | null;
} & {
  [Name in keyof Instants]: string | Exclude<Instants[Name], Date>;
};

function toFields(job: Job): JobAsJson {
  return JSON.parse(JSON.stringify({ ...job, raw: toShownRaw(job), dataRange: job.dataRange?.() ?? null }));
}

export function fromFields({ raw, dataRange, createdAt, startedAt, finishedAt, observedAt, ...facts }: JobAsJson): Job {
  return {
    ...facts,
    createdAt: toDate(createdAt),
    startedAt: toDate(startedAt),
    finishedAt: toDate(finishedAt),
    observedAt: new Date(observedAt),
    progress: facts.progress,
    raw: () => raw,
    dataRange: dataRange && (() => ({ from: toDate(dataRange.from), to: toDate(dataRange.to) })),
  };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
