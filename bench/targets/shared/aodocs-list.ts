import { aodocsPageRows } from '../../ids.ts';
import type { AodocsJob } from './jobs.ts';

export interface AodocsPage {
  jobList: AodocsJob[];
  nextPageToken?: string;
}

/**
 * Reads AODocs' pages, newest first, until no further job can be among the newest `count`. `others`: when the jobs of the other systems were
 * created.
 */
export async function listNewestAodocs(
  count: number,
  others: Promise<readonly number[]>,
  readPage: (rows: number, token: string | undefined) => Promise<AodocsPage>,
): Promise<AodocsJob[]> {
  const rows = Math.min(count, aodocsPageRows);
  const jobs: AodocsJob[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(rows, token);
    jobs.push(...page.jobList);
    token = page.nextPageToken;
  } while (token !== undefined && jobs.length + countNewer(await others, jobs.at(-1)) < count);
  return jobs;
}

function countNewer(createdMs: readonly number[], job: AodocsJob | undefined): number {
  const oldestMs = Number(job?.startedAt);
  return createdMs.filter((atMs) => atMs > oldestMs).length;
}
