import { afterAll, beforeAll, expect, test } from 'vitest';
import { followOverEventStream } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { blocksOf, pages } from './markdown.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ store: openEmptyStore() });
});
afterAll(() => jobyard.close());

const operations = pages.flatMap((page) => blocksOf(page, 'graphql').map(({ place, text }) => [place, text] as const));

test('there are operations to run, in README.md first of all', () => {
  expect(operations.filter(([place]) => place.startsWith('README.md')).length).toBeGreaterThanOrEqual(2);
});

test.each(operations)('the operation at %s runs', async (_place, text) => {
  const filled = await fillIn(text);
  const isSubscription = /^\s*subscription\b/.test(filled);
  const { data, errors } = await (isSubscription ? followOverEventStream(jobyard.origin, filled).answer(1) : jobyard.query(filled));
  expect(errors).toBeUndefined();
  expect(Object.keys(data)).not.toEqual([]);
  // Ids that were filled in are ids of jobs.
  expect(JSON.stringify(data)).not.toMatch(/INVALID_ID|SYSTEM_NOT_FOUND|JOB_NOT_FOUND/);
});

/** Replaces the placeholders of job IDs (`kylin:…`). */
async function fillIn(text: string): Promise<string> {
  let filled = text;
  for (const [placeholder, system] of text.matchAll(/([a-z-]+):…/g)) {
    const { data } = await jobyard.query(
      `{ jobs(first: 1, filter: { systemIds: ["${system}"], availableAction: CANCEL }) { nodes { id } } }`,
    );
    filled = filled.replace(placeholder, data.jobs.nodes[0].id);
  }
  return filled;
}
