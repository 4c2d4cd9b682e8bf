import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeTemporaryFile } from '../config/load.ts';
import { configureSystems } from '../configure-systems.ts';
import { runJobyard } from '../processes.ts';
import { startSandboxes, systemNames } from '../start.ts';
import { post } from './abandonable.ts';
import { addActionableJob, isCarriedOut } from './actionable-jobs.ts';

test('SIGTERM under load: every accepted request is finished, and the exit code is 0', async () => {
  const sandboxes = await startSandboxes(0);
  onTestFinished(async () => {
    await Promise.all(systemNames.map((system) => sandboxes[system].close()));
  });
  const folder = await mkdtemp(join(tmpdir(), 'jobyard-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const auditFile = join(folder, 'audit.jsonl');
  const { systems, environment } = configureSystems(Object.values(sandboxes));
  // JSON is YAML.
  const file = writeTemporaryFile(JSON.stringify({ audit: { file: auditFile }, systems }));
  const jobyard = await runJobyard(['--config', file], environment);
  for (const system of systemNames) sandboxes[system].faults.add({ fault: { kind: 'slow', ms: 200 }, times: 'always' });

  const ids = systemNames.flatMap((system) =>
    Array.from({ length: 10 }, () => `${system}:${addActionableJob(sandboxes, system, 'cancel')}`),
  );
  const reads = ids.map((id) => post(jobyard, 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { id } } }', [id]));
  await Promise.all(reads.map(({ answer }) => answer));
  const cancels = ids.map((id) =>
    post(jobyard, 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { requested succeeded } } }', [id]),
  );
  // The audit log shows when an operation has been accepted. Then most of the operations still wait for a place at the vendor.
  const countIntents = (): number => readFileSync(auditFile, 'utf8').split('"audit":"intent"').length - 1;
  await expect.poll(countIntents, { timeout: 10_000 }).toBe(ids.length);
  expect(cancels.some(({ isOver }) => !isOver())).toBe(true);
  jobyard.child.kill('SIGTERM');

  const answers = await Promise.all(cancels.map(({ answer }) => answer));
  expect(answers).toEqual(ids.map(() => ({ data: { cancelJobs: { summary: { requested: 1, succeeded: 1 } } } })));
  expect(ids.filter((id) => !isCarriedOut(sandboxes, id, 'cancel'))).toEqual([]);
  expect(await jobyard.exit()).toBe(0);
  expect(jobyard.stderr()).toBe('');
  expect(readFileSync(auditFile, 'utf8').split('"audit":"outcome"')).toHaveLength(ids.length + 1);
});
