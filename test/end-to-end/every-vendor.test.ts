import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Jobyard, startJobyard } from '../../src/app.ts';
import { defaultServer } from '../../src/config/config.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import { configureSandbox } from '../../src/config/systems.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';
import { vendors } from '../../src/vendors/index.ts';
import { post } from '../processes.ts';
import { createUnavailableStore } from '../unavailable-store.ts';

let sandboxes: Sandbox[];
let jobyard: Jobyard;

beforeAll(async () => {
  sandboxes = await Promise.all(vendors.map(({ startSandbox }) => startSandbox({ jobs: 40, switches: { arrivals: false } })));
  jobyard = await startJobyard(
    {
      server: { ...defaultServer, port: 0, cursorKey: null },
      access: null,
      limits: { ...limitsSchema.parse({}), introspection: true },
      audit: { file: null, retentionDays: 365, overdueAfterMs: 600_000 },
      auditOutput: { append() {}, reopen: () => null, close() {} },
      bulk: { retentionDays: 90 },
      proxy: null,
      store: createUnavailableStore(),
      systems: sandboxes.map(configureSandbox),
    },
    pino({ level: 'silent' }),
  );
});
afterAll(async () => {
  await jobyard.close();
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

interface ListedJob {
  id: string;
  actions: { action: string; availability: string }[];
}

const mutations = { CANCEL: 'cancelJobs', PAUSE: 'pauseJobs', RESUME: 'resumeJobs', RESTART: 'restartJobs', START: 'startJobs' };

describe.each(vendors)('$title', ({ name }) => {
  async function list(): Promise<ListedJob[]> {
    const filter = `filter: { systemIds: ["${name}"] }`;
    const { data, errors } = await post(
      jobyard.origin,
      `{ jobs(first: 200, ${filter}) { complete nodes { id status actions { action availability } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.jobs.complete).toBe(true);
    return data.jobs.nodes;
  }

  test('is healthy', async () => {
    const { data } = await post(jobyard.origin, '{ jobSystems { id health { status } } }');
    expect(data.jobSystems).toContainEqual({ id: name, health: { status: 'UP' } });
  });

  test('returns each listed job by its ID', async () => {
    const ids = (await list()).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(10);
    const { data, errors } = await post(jobyard.origin, `{ jobsByIds(ids: ${JSON.stringify(ids)}) { __typename ... on Job { id } } }`);
    expect(errors).toBeUndefined();
    expect(data.jobsByIds).toEqual(ids.map((id) => ({ __typename: 'Job', id })));
  });

  test('performs each supported action on a job that allows it', async () => {
    const { data } = await post(jobyard.origin, '{ jobSystems { id capabilities { action support } } }');
    const { capabilities } = data.jobSystems.find(({ id }: { id: string }) => id === name);
    const offered = capabilities.filter(({ support }: { support: string }) => support !== 'UNSUPPORTED');
    expect(offered.length).toBeGreaterThan(0);
    for (const { action } of offered as { action: keyof typeof mutations }[]) {
      const jobs = await list();
      const find = (availability: string) =>
        jobs.find(({ actions }) => actions.some((one) => one.action === action && one.availability === availability));
      // Some actions are never certain.
      const target = find('AVAILABLE') ?? find('MAYBE');
      expect(target, `a job for ${action}`).toBeDefined();
      const mutation = `mutation { ${mutations[action]}(input: { ids: ["${target?.id}"] }) { results { __typename } } }`;
      const { data: acted } = await post(jobyard.origin, mutation);
      expect(acted[mutations[action]].results[0].__typename, action).toMatch(/Success$/);
    }
  });
});
