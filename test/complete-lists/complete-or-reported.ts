import type { Job } from '../../src/jobs/job.ts';
import { iterateJobs } from '../../src/listing/iterate-jobs.ts';
import { type JobPage, listJobs } from '../../src/listing/list-jobs.ts';
import { callOf } from '../jobs/memory-adapter.ts';
import { bringToLife, type World } from './world.ts';

/** More pages than any world needs. */
const maxPages = 600;

/** What a reading of a world led to. */
export interface Reading {
  jobs: string[];
  /** Why pages were not complete. */
  reasons: string[];
  /** The jobs that have to be among `jobs`. */
  staying: Set<string>;
}

/** Reads page after page, as a caller does. */
export async function readPages(world: World): Promise<Reading> {
  const living = bringToLife(world);
  const jobs: Job[] = [];
  const reasons: string[] = [];
  let after: string | null = null;
  for (let count = 0; count < maxPages; count += 1) {
    if (world.forgets) living.forget();
    const first = world.pageSizes[count % world.pageSizes.length] ?? 1;
    const systems = living.connected.map(({ system }) => system);
    const page: JobPage | null = await listJobs(systems, { filter: world.filter, order: world.order, first, after }, () => callOf());
    if (!page) throw new Error('The cursor was refused');
    jobs.push(...page.jobs);
    const problems = page.systems.flatMap(({ problem }) => problem?.message ?? []);
    if (page.complete !== (problems.length === 0)) throw new Error(`complete: ${page.complete}, with ${problems.length} problems`);
    reasons.push(...problems);
    if (!page.hasNextPage) return { jobs: jobs.map(({ id }) => id), reasons, staying: living.staying() };
    after = page.endCursor();
  }
  throw new Error(`No end after ${maxPages} pages`);
}

/** Selects as a bulk operation does. */
export async function select(world: World): Promise<Reading> {
  const living = bringToLife(world);
  const jobs = new Set<string>();
  const reasons: string[] = [];
  for (const { system } of living.connected) {
    for await (const rows of iterateJobs(system, world.filter, callOf())) {
      if (rows.ok) for (const { id } of rows.value) jobs.add(id);
      else reasons.push(rows.problem.message);
    }
  }
  return { jobs: [...jobs], reasons, staying: living.staying() };
}

/**
 * Checks that every job that existed and matched throughout is listed once, or that the list is reported as incomplete. Returns what is
 * wrong, or null.
 */
export function findBreach({ jobs, reasons, staying }: Reading, world: World): string | null {
  const found = new Set(jobs);
  if (found.size < jobs.length) return `${jobs.length - found.size} jobs came twice`;
  if (reasons.length > 0) return isBenign(world) ? `nothing was wrong, yet the list is incomplete: ${reasons[0]}` : null;
  const lost = [...staying].filter((id) => !found.has(id));
  return lost.length > 0 ? `it calls itself complete and lost ${lost.join(', ')}` : null;
}

/** Whether nothing in this world can keep a reading from being complete: it must be then. */
function isBenign({ systems }: World): boolean {
  return systems.flat().every(({ miscount, hidesEvery, counts, maxRows, paging, shuffled }) => {
    const isHonest = miscount === 0 && hidesEvery === 0;
    return isHonest && (paging === 'TOKEN' || maxRows === 1_000) && (counts || !shuffled);
  });
}
