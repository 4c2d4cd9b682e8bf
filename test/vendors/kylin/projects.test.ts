import { describe, expect, it } from 'vitest';
import { createProblem } from '../../../src/jobs/problem.ts';
import type { Reply } from '../../../src/vendors/kylin/adapter/calls.ts';
import { maxProjects } from '../../../src/vendors/kylin/adapter/project-discovery.ts';
import { createProjects } from '../../../src/vendors/kylin/adapter/projects.ts';
import type { ProjectList } from '../../../src/vendors/kylin/adapter/wire.ts';
import { call } from './setup.ts';

const denied: Reply<never> = { kind: 'rejected', problem: createProblem('ACCESS_DENIED', 'no'), vendorCode: 'KE-010024001', certain: true };
const unknown: Reply<never> = { ...denied, vendorCode: 'KE-010001201' };
const down: Reply<never> = { kind: 'failed', problem: createProblem('SYSTEM_UNAVAILABLE', 'down'), mayHaveArrived: false };

/** Projects over a Kylin that lists these names, with a clock and a count of discoveries. */
function create(names: readonly string[], configured: readonly string[] | null = null) {
  const world = { nowMs: 0, discoveries: 0, reply: null as Reply<ProjectList> | null, names };
  const projects = createProjects({
    systemId: 'kyl',
    configured,
    nowMs: () => world.nowMs,
    calls: {
      async listProjects(count) {
        world.discoveries += 1;
        const value = world.names.slice(0, count).map((name) => ({ name, permission: 'OPERATION' }));
        return world.reply ?? { kind: 'value', value: { value, total_size: world.names.length } };
      },
    },
  });
  const names_ = async () => {
    const selection = await projects.select(call);
    return selection.ok ? (selection.value?.names ?? null) : selection.problem.code;
  };
  return { world, projects, names: names_ };
}

describe('Projects', () => {
  it('queries all projects at once until Kylin rejects it, then finds the projects once', async () => {
    const { world, projects, names } = create(['a', 'b']);
    expect(await names()).toBeNull();
    expect(projects.learn(null, down)).toBe(false);
    expect(projects.learn(null, unknown)).toBe(false);
    expect(await names()).toBeNull();
    expect(projects.learn(null, denied)).toBe(true);
    expect(await Promise.all([names(), names(), names()])).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(await names()).toEqual(['a', 'b']);
    expect(world.discoveries).toBe(1);
  });

  it('tries all at once again after ten minutes', async () => {
    const { world, projects, names } = create(['a']);
    projects.learn(null, denied);
    await names();
    world.nowMs = 599_999;
    expect(await names()).toEqual(['a']);
    world.nowMs = 600_000;
    expect(await names()).toBeNull();
    world.names = ['a', 'new'];
    projects.learn(null, denied);
    expect(await names()).toEqual(['a', 'new']);
  });

  it.each([
    ['denied', denied],
    ['vanished', unknown],
  ])('finds out again when a project is %s, at most every half minute', async (_name, reply) => {
    const { world, projects, names } = create(['a', 'b']);
    projects.learn(null, denied);
    await names();
    world.names = ['b'];
    expect(projects.learn('a', reply)).toBe(false);
    world.nowMs = 30_000;
    expect(projects.learn('a', down)).toBe(false);
    expect(projects.learn('a', reply)).toBe(true);
    expect(await names()).toEqual(['b']);
    expect(projects.learn('b', reply)).toBe(false);
    expect(world.discoveries).toBe(2);
  });

  it('keeps no failed discovery', async () => {
    const { world, projects, names } = create(['a']);
    projects.learn(null, denied);
    world.reply = down;
    expect(await names()).toBe('SYSTEM_UNAVAILABLE');
    world.reply = null;
    expect(await names()).toEqual(['a']);
  });

  it('reports the missing permission if there is no project', async () => {
    const { world, projects } = create([]);
    projects.learn(null, denied);
    const rows = [{ name: 'a', permission: 'READ' }, { name: '' }, null, 7];
    world.reply = { kind: 'value', value: { value: rows, total_size: 4 } };
    expect(await projects.select(call)).toMatchObject({
      ok: false,
      problem: { code: 'ACCESS_DENIED', message: expect.stringMatching(/no project in which its user has the Operation permission/) },
    });
  });

  it('selects at most a hundred projects, and returns how many are left out', async () => {
    const { projects } = create(Array.from({ length: 130 }, (_, index) => `p${index}`));
    projects.learn(null, denied);
    const selection = await projects.select(call);
    expect(selection).toMatchObject({ ok: true, value: { leftOut: 30 } });
    expect(selection.ok && selection.value?.names).toHaveLength(maxProjects);
  });

  it('queries only the configured projects', async () => {
    const { world, projects, names } = create(['a', 'b'], ['b']);
    expect(await names()).toEqual(['b']);
    for (const reply of [denied, unknown]) expect(projects.learn('b', reply)).toBe(false);
    expect(await names()).toEqual(['b']);
    expect(world.discoveries).toBe(0);
  });

  it('waits for a discovery only as long as it is wanted, and does not end it for the others', async () => {
    let finish = (_reply: Reply<ProjectList>): void => {};
    const signals: AbortSignal[] = [];
    const projects = createProjects({
      systemId: 'kyl',
      configured: null,
      calls: {
        listProjects: (_count, { signal }) => {
          signals.push(signal);
          return new Promise((resolve) => {
            finish = resolve;
          });
        },
      },
    });
    projects.learn(null, denied);
    const leaving = new AbortController();
    const gone = projects.select({ ...call, signal: leaving.signal });
    const staying = projects.select(call);
    leaving.abort();
    expect(await gone).toMatchObject({ ok: false, problem: { code: 'TIMED_OUT' } });
    finish({ kind: 'value', value: { value: [{ name: 'a' }], total_size: 1 } });
    expect(await staying).toMatchObject({ ok: true, value: { names: ['a'] } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});
