import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import { type Answer, askAgainIfOutdated, combine, type Reads, sideBySide } from './read.ts';

/** One row of a list, to see whether the system answers. Null: it does. */
export async function checkHealth(reads: Reads, call: CallContext): Promise<Problem | null> {
  return askAgainIfOutdated(async () => {
    const selection = await reads.projects.select(call);
    if (!selection.ok) return { result: selection.problem, isOutdated: false };
    const answers: Answer<Problem | null>[] = [];
    for (const project of selection.value?.names.slice(0, sideBySide) ?? [null]) {
      const page = { project, statuses: null, types: null, sortBy: 'create_time', descending: true, pageNumber: 0, pageSize: 1 } as const;
      // Not the call for logging in: it would answer without the job service behind it.
      const reply = await reads.calls.listJobs(page, call);
      const answer = { result: reply.kind === 'value' ? null : reply.problem, isOutdated: reads.projects.learn(project, reply) };
      // A project that is denied or gone costs its own rows; the system is well if another one answers.
      if (answer.result === null || reply.kind === 'failed') return answer;
      answers.push(answer);
    }
    return combine(answers, null);
  });
}
