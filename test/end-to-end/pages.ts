import { namesOf, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';

export interface Row {
  id: string;
  systemId: string;
  vendorId: string;
  name: string;
  status: string;
  type: string | null;
  owner: string | null;
  createdAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  updatedAt: string | null;
  durationSeconds: number | null;
  actions: { action: string; available: boolean }[];
}

export interface SystemPage {
  system: { id: string };
  status: string;
  returnedCount: number;
  totalCount: number | null;
  problem: { code: string; message: string } | null;
}

export interface Page {
  nodes: Row[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  complete: boolean;
  systems: SystemPage[];
}

export interface ListArguments {
  filter?: Record<string, unknown>;
  orderBy?: { field: string; direction: string };
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

const query = `query ($filter: JobFilter, $orderBy: JobOrder, $first: Int, $after: String, $last: Int, $before: String) {
  jobs(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    nodes {
      id systemId vendorId name status type owner createdAt startedAt finishedAt updatedAt durationSeconds actions { action available }
    }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    complete
    systems { system { id } status returnedCount totalCount problem { code message } }
  }
}`;

/** One page. */
export async function list(jobyard: WithSandboxes, listArguments: ListArguments = {}): Promise<Page> {
  const { data, errors } = await jobyard.query(query, { ...listArguments });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.jobs;
}

/** All pages, one after the other. `between` is called before each page but the first. */
export async function listAll(
  jobyard: WithSandboxes,
  listArguments: ListArguments,
  between?: (pages: readonly Page[]) => unknown,
): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | null = null;
  do {
    if (pages.length > 0) await between?.(pages);
    const page = await list(jobyard, { ...listArguments, after });
    pages.push(page);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null && pages.length < 500);
  return pages;
}

/** All pages, from the last one to the first one. */
export async function listBackward(jobyard: WithSandboxes, listArguments: ListArguments & { last: number }): Promise<Page[]> {
  const pages: Page[] = [];
  let before: string | null = null;
  do {
    const page = await list(jobyard, { ...listArguments, before });
    pages.unshift(page);
    before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null;
  } while (before !== null && pages.length < 500);
  return pages;
}

export function rowsOf(pages: readonly Page[]): Row[] {
  return pages.flatMap(({ nodes }) => nodes);
}

export function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

const minuteMs = 60_000;

/**
 * Jobs of many kinds in all systems that stay as they are: some with equal times, some without, of several owners, types and scopes.
 * `count`: how many of each system.
 */
export function addManyJobs({ sandboxes }: WithSandboxes, count: number): void {
  const startMs = Date.now() - 3 * 24 * 60 * minuteMs;
  for (let index = 0; index < count; index += 1) {
    // Every third job was created at the same moment as the one before.
    const createdAtMs = startMs + (index - (index % 3 === 2 ? 1 : 0)) * 7 * minuteMs;
    const startedAtMs = createdAtMs + ((index * 7) % 11) * minuteMs;
    const endedAtMs = startedAtMs + ((index * 5) % 13) * minuteMs;
    for (const system of namesOf(sandboxes)) {
      subjects[system].jobs.addVaried(sandboxes[system], index, { createdAtMs, startedAtMs, endedAtMs });
    }
  }
}
