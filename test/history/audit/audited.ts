import { readFileSync } from 'node:fs';
import { accessFor } from '../../access/callers.ts';
import { startWithSandboxes, type WithSandboxes } from '../../start.ts';

// biome-ignore lint/suspicious/noExplicitAny: each kind of line has fields of its own
export type Line = Record<string, any>;

/** The audit log's entries in a file. */
export const linesIn = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const cancelling = `mutation Stop ($ids: [ID!]!, $reason: String, $dryRun: Boolean! = false) {
  cancelJobs(input: { ids: $ids, reason: $reason, dryRun: $dryRun }) { results { __typename } }
}`;

/** Jobyard with an audit log and five jobs in each sandbox. Its callers: operator, half (Kylin only), reader. */
export const startAudited = (): Promise<WithSandboxes> =>
  startWithSandboxes({
    access: accessFor({
      operator: ['jobs:read', 'jobs:cancel', 'jobs:operate'],
      half: ['jobs:read', 'jobs:cancel@kylin', 'jobs:operate@kylin'],
      reader: ['jobs:read'],
    }),
  });
