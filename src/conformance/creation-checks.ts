import { allJobs } from '../jobs/adapter.ts';
import { isLeftOut } from '../jobs/create-job.ts';
import { isTerminal, type JobFields } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { type Check, expectThat, readEverything, type Subject } from './check.ts';
import { readByIds } from './read-by-ids.ts';

/** The time of creation, by which Jobyard merges lists, places cursors, and recognizes another run of a job. */
export const creationChecks: readonly Check[] = [
  {
    id: 'list.created',
    statement: 'MUST give times of creation that are not in 1970, and not in the future if the job has started',
    readOnly: true,
    async run(subject) {
      for (const row of (await readEverything(allJobs, subject)).values()) expectPlausibleCreation(row);
    },
  },
  {
    id: 'get.created',
    statement: 'MUST give a job the same time of creation in each read, in its lists and by ID',
    readOnly: true,
    async run(subject) {
      const listed = await readEverything(allJobs, subject);
      const listedAgain = await readEverything(allJobs, subject);
      for (const [id, row] of listed) expectSameCreation(row, listedAgain.get(id), 'when it is listed again');
      const ids = [...listed.keys()].slice(0, 20);
      for (const [id, read] of pairResults(ids, await readSome(ids, subject))) expectSameCreation(listed.get(id), read, 'by ID');
    },
  },
];

const earliestMs = Date.UTC(1990, 0);
/** The difference between the clocks of the vendor and of this machine. */
const maxSkewMs = 15 * 60_000;

function expectPlausibleCreation({ vendorId, createdAt, startedAt, status }: JobFields): void {
  if (createdAt === null) return;
  expectThat(
    createdAt.getTime() >= earliestMs,
    `${vendorId}: createdAt is ${print(createdAt)}, expected a time after 1990. If the vendor returns seconds, multiply them by 1,000; if it returns 0 for no time, return null.`,
  );
  // Some vendors plan jobs: what hasn't started may be of a later time.
  if (startedAt === null && !isTerminal(status)) return;
  const now = new Date();
  expectThat(
    createdAt.getTime() <= now.getTime() + maxSkewMs,
    `${vendorId}: createdAt is ${print(createdAt)}, expected a time before now, ${print(now)}, as the job is ${status}. Check the vendor's unit and its time zone.`,
  );
}

function expectSameCreation(one: JobFields | undefined, other: JobFields | undefined, where: string): void {
  if (!one || !other || isLeftOut(one, 'createdAt') || isLeftOut(other, 'createdAt')) return;
  // Meanwhile, a real job may have been restarted.
  if (one.status !== other.status || one.startedAt?.getTime() !== other.startedAt?.getTime()) return;
  expectThat(
    one.createdAt?.getTime() === other.createdAt?.getTime(),
    `${one.vendorId}: createdAt is ${print(one.createdAt)} in a list and ${print(other.createdAt)} ${where}, expected the same time. Take it from the same field of the vendor in each read, or name it in leftOut where the vendor doesn't return it.`,
  );
}

/** The jobs that can be read; undefined in the place of the others. */
async function readSome(ids: readonly string[], subject: Subject): Promise<(JobFields | undefined)[]> {
  return (await readByIds(ids, subject)).map((read) => (read.kind === 'job' ? read.job : undefined));
}

function print(time: Date | null): string {
  return time === null ? 'null' : Number.isNaN(time.getTime()) ? 'an invalid date' : time.toISOString();
}
