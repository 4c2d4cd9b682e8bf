import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { projectSchema } from './wire.ts';

export interface Selection {
  names: readonly string[];
  /** How many more projects the account may operate. Jobyard doesn't query these. */
  leftOut: number;
}

/** The maximum number of projects that Jobyard queries one by one. */
export const maxProjects = 100;
const discoveryTimeoutMs = 30_000;

type ProjectCalls = Pick<Calls, 'listProjects'>;

/** Finds the projects in which the account has the Operation permission. Calls that come during a discovery share it. */
export function createDiscovery(
  systemId: string,
  calls: ProjectCalls,
  onFound: (selection: Selection) => void,
): (call: CallContext) => Promise<Result<Selection>> {
  let running: Promise<Result<Selection>> | null = null;
  const run = async (call: CallContext): Promise<Result<Selection>> => {
    try {
      const result = await findProjects(systemId, calls, call);
      if (result.ok) onFound(result.value);
      return result;
    } finally {
      running = null;
    }
  };
  return (call) => {
    // Not with the first caller's signal, nor in that caller's queue: neither may fail or delay the other callers.
    running ??= run({ ...call, caller: 'project discovery', signal: AbortSignal.timeout(discoveryTimeoutMs) });
    return running;
  };
}

async function findProjects(systemId: string, calls: ProjectCalls, call: CallContext): Promise<Result<Selection>> {
  const reply = await calls.listProjects(maxProjects, call);
  if (reply.kind !== 'value') return fail(reply.problem);
  const { value: rows, total_size: total } = reply.value;
  const projects = rows.flatMap((row) => projectSchema.safeParse(row).data ?? []);
  // Older servers list all projects that the account may read.
  const names = projects.filter(({ permission }) => permission !== 'READ').map(({ name }) => name);
  if (names.length === 0) {
    const message = `${systemId} has no project in which its user has the Operation permission, and shows jobs of all projects only to global administrators. Grant the permission in each project whose jobs you want to see.`;
    return fail(createProblem('ACCESS_DENIED', message));
  }
  return succeed({ names, leftOut: Math.max(0, (total ?? 0) - rows.length) });
}
