import type { Turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import { type JobPage, listJobs } from '../listing/list-jobs.ts';
import type { ListOptions } from '../listing/list-options.ts';
import type { ServedSystem } from './served-system.ts';

/** The pages of one operation: equal queries share a page. */
export interface JobPages {
  /** Null: the cursor doesn't belong to this listing. */
  load(options: ListOptions): Promise<JobPage | null>;
  /** Discards the pages, so that later queries read new ones. */
  forget(): void;
}

export interface JobPagesOptions {
  caller: string;
  turns?: Turns;
  cursorKeys?: CursorKeys;
}

export function createJobPages(
  systems: readonly ServedSystem[],
  callTo: (system: JobSystem) => CallContext,
  { caller, turns, cursorKeys }: JobPagesOptions,
): JobPages {
  const pages = new Map<string, Promise<JobPage | null>>();

  const read = async (options: ListOptions): Promise<JobPage | null> => {
    const turn = turns?.take(caller);
    if (turn) await turn;
    const page = await listJobs(systems, options, callTo, cursorKeys);
    // Returning the rows takes more time than starting the reads.
    const turnToReturn = turns?.take(caller);
    if (turnToReturn) await turnToReturn;
    return page;
  };

  return {
    load(options) {
      const key = JSON.stringify(options);
      const page = pages.get(key) ?? read(options);
      pages.set(key, page);
      return page;
    },
    forget: () => pages.clear(),
  };
}
