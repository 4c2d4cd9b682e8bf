import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import { type Answer, askAgainIfOutdated, combine, projectsAtOnce, type Reads } from './read.ts';

/** Reads one row of a list. Null: the system responds. */
export async function checkHealth(reads: Reads, call: CallContext): Promise<Problem | null> {
  return askAgainIfOutdated(async () => {
    const selection = await reads.projects.select(call);
    if (!selection.ok) return { result: selection.problem, isOutdated: false };
    const answers: Answer<Problem | null>[] = [];
    for (const project of selection.value?.names.slice(0, projectsAtOnce) ?? [null]) {
      const page = { project, statuses: null, types: null, sortBy: 'create_time', descending: true, pageNumber: 0, pageSize: 1 } as const;
      // Not the login endpoint: that responds even if the job service doesn't.
      const reply = await reads.calls.listJobs(page, call);
      const answer = { result: reply.kind === 'value' ? null : reply.problem, isOutdated: reads.projects.learn(project, reply) };
      // A project that is denied or deleted affects only its own rows; the system is healthy if another one responds.
      if (answer.result === null || reply.kind === 'failed') return answer;
      answers.push(answer);
    }
    return combine(answers, null);
  });
}
