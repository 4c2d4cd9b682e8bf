import { afterAll, beforeAll, test } from 'vitest';
import nightrun from '../../examples/adapter/src/index.ts';
import { startNightrunSandbox } from '../../examples/adapter/src/sandbox/index.ts';
import { checks } from '../../src/conformance/index.ts';
import { type StartedSubject, startSubject } from '../../src/conformance/start-subject.ts';
import type { RunningSandbox } from '../../src/sandbox-kit/sandbox.ts';

// test/package runs the example's own tests, from the package.
let started: StartedSubject<RunningSandbox>;
beforeAll(async () => {
  started = await startSubject({ ...nightrun, startSandbox: startNightrunSandbox });
});
afterAll(async () => {
  await started.subject.adapter.close();
  await started.sandbox.close();
});

test.each(checks)('the example $statement ($id)', async ({ run }) => run(started.subject));
