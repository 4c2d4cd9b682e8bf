import { after, before, test } from 'node:test';
import { checks, type StartedSubject, startSubject } from 'jobyard/conformance';
import vendor from '../src/index.ts';
import { startNightrunSandbox } from '../src/sandbox/index.ts';

let started: StartedSubject<Awaited<ReturnType<typeof startNightrunSandbox>>>;
before(async () => {
  started = await startSubject({ ...vendor, startSandbox: startNightrunSandbox });
});
after(async () => {
  await started.subject.adapter.close();
  await started.sandbox.close();
});

for (const { id, statement, run } of checks) test(`${id}: ${statement}`, () => run(started.subject));
