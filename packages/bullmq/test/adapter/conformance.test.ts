import { checks, type StartedSubject, startSubject } from 'jobyard/conformance';
import type { RunningSandbox } from 'jobyard/sandbox';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import { z } from 'zod';
import { createSettingsSchema } from '../../src/adapter/settings.ts';
import bullmq from '../../src/index.ts';
import { skipReason, skipWithoutRedis } from '../redis.ts';
import { startRedisWithJobs } from '../sandbox.ts';

let started: StartedSubject<RunningSandbox>;
beforeAll(async () => {
  if (skipReason !== null) return;
  const parse = (settings: unknown) => createSettingsSchema(z.string()).parse(settings);
  started = await startSubject({
    ...bullmq,
    createAdapter: (system, settings) => bullmq.createAdapter(system, parse(settings)),
    startSandbox: startRedisWithJobs,
  });
});
afterAll(async () => {
  await started?.subject.adapter.close();
  await started?.sandbox.close();
});
beforeEach(skipWithoutRedis);

test.each(checks)('$statement ($id)', async ({ run }) => run(started.subject));
