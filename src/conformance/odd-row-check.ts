import { allJobs } from '../jobs/adapter.ts';
import type { JobFields } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import { type Check, expectThat, readEverything, type Subject, walkThrough } from './check.ts';
import { readByIds } from './read-by-ids.ts';

export const oddRowCheck: Check = {
  id: 'list.odd-rows',
  statement: 'MUST keep all other rows if a row has no usable ID or a field of the wrong type, return its usable part, and report it',
  readOnly: false,
  async run(subject) {
    if (!subject.addOddRows) return;
    const before = await readEverything(allJobs, subject);
    const { readableIds, withoutId } = subject.addOddRows();
    const { rows, problems } = await walkAll(subject);
    const lost = [...before.keys()].find((id) => !rows.has(id));
    expectThat(lost === undefined, `${lost} is missing from a list with invalid rows`);
    for (const id of readableIds) expectThat(rows.has(id), `${id}: not listed although its ID is usable`);
    expectThat(rows.size === before.size + readableIds.length, `${withoutId} rows without a usable ID became jobs`);
    expectThat(problems.length > 0, 'a list with invalid rows claims to be complete');
    for (const { message } of problems)
      expectThat(/\binvalid row\b.*\bexpected\b/.test(message), `the problem doesn't name the invalid row: ${message}`);
    for (const result of await readByIds(readableIds, subject)) {
      expectThat(result.kind === 'job', `${readableIds}: one can't be read although its ID is usable`);
    }
  },
};

async function walkAll(subject: Subject): Promise<{ rows: Map<string, JobFields>; problems: Problem[] }> {
  const rows = new Map<string, JobFields>();
  const problems: Problem[] = [];
  for (const source of subject.adapter.listJobs(allJobs)) {
    const walked = await walkThrough(source, allJobs, 500, subject);
    for (const [id, job] of walked.rows) rows.set(id, job);
    if (walked.problem) problems.push(walked.problem);
  }
  return { rows, problems };
}
