import type { Call } from '../../jobs/adapter.ts';
import type { JobStep } from '../../jobs/job.ts';
import { createProblem, fail, type Outcome, succeed } from '../../jobs/problem.ts';
import type { VaultCalls } from './calls.ts';
import { toOutcome } from './envelope.ts';
import { toStep } from './map.ts';
import { taskListSchema } from './wire.ts';

/** 200 tasks each. No job has as many; links that lead in a circle would go on for ever. */
const mostPages = 50;

/** The tasks of an SDK job, in Vault's order. Null for other jobs: they answer with none. */
export async function readSteps(systemId: string, calls: VaultCalls, vendorId: string, call: Call): Promise<Outcome<JobStep[] | null>> {
  const list = `${vendorId}/tasks?`;
  const steps: JobStep[] = [];
  let position = `${list}limit=200`;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = toOutcome(systemId, await calls.retrievePage(position, call), taskListSchema);
    if (!page.ok) return page;
    for (const task of page.value.tasks) steps.push(toStep(task));
    const link = page.value.responseDetails?.next_page;
    if (!link) return succeed(steps.length > 0 ? steps : null);
    const next = calls.toPosition(link);
    if (!next?.startsWith(list)) break;
    position = next;
  }
  return fail(createProblem('BAD_VENDOR_ANSWER', `${systemId} named a next page that is none of these tasks'; it was not asked for.`));
}
