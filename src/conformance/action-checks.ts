import { allJobs } from '../jobs/adapter.ts';
import { createJob } from '../jobs/create-job.ts';
import { jobActions } from '../jobs/job.ts';
import { type Check, expectThat, readEverything } from './check.ts';

export const actionChecks: readonly Check[] = [
  {
    id: 'act.order',
    statement: 'MUST answer an action with one answer per job, and carry out what it accepted',
    readOnly: false,
    async run({ adapter, createCall }) {
      for (const action of jobActions) {
        const support = adapter.actions[action];
        if (support.support === 'UNSUPPORTED') continue;
        const rows = await readEverything(allJobs, { adapter, createCall, secrets: [] });
        const eligible = [...rows.values()]
          .map((row) => createJob('checked', row, new Date()))
          .filter((job) => support.allowedStatuses.includes(job.status) && (adapter.checkEligibility?.(action, job) ?? null) === null);
        const key = eligible[0] && support.batchKey?.(eligible[0]);
        const targets = eligible
          .filter((job) => support.batchKey?.(job) === key)
          .slice(0, Math.min(3, support.requestSize))
          .map((job) => ({ vendorId: job.vendorId, job }));
        if (targets.length === 0) continue;
        const answers = await adapter.performAction(action, targets, createCall());
        expectThat(answers.length === targets.length, `${action}: ${answers.length} answers for ${targets.length} jobs`);
        expectThat(
          answers.every(({ kind }) => kind === 'accepted' || kind === 'rejected' || kind === 'batchRejected' || kind === 'notFound'),
          `${action}: ${answers.map(({ kind }) => kind).join(', ')}`,
        );
      }
    },
  },
];
