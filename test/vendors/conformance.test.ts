import { afterAll, beforeAll, describe, test } from 'vitest';
import { checks } from '../../src/conformance/index.ts';
import { vendors } from '../../src/vendors/index.ts';
import { startSubject } from './subject.ts';

describe.each(vendors)('the adapter of $title', (vendor) => {
  let started: Awaited<ReturnType<typeof startSubject>>;

  beforeAll(async () => {
    started = await startSubject(vendor);
  });
  afterAll(async () => {
    await started.subject.adapter.close();
    await started.sandbox.close();
  });

  test.each(checks)('$statement ($id)', async ({ run }) => run(started.subject));
});
