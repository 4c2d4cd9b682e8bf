import { describe, expect, test } from 'vitest';
import type { JobRowFragment } from '../../console/src/api/generated/graphql.ts';
import { applyEvent, type FollowedPage, type JobListEvent } from '../../console/src/jobs/followed-page.ts';

const job = (id: string, status: JobRowFragment['status'] = 'RUNNING'): JobRowFragment => ({
  ...{
    id,
    systemId: 'memory',
    vendorId: id,
    name: id,
    type: null,
    status,
    vendorStatus: null,
    isTerminal: false,
    scope: null,
    owner: null,
  },
  ...{ createdAt: null, startedAt: null, finishedAt: null, durationSeconds: null, waitSeconds: null, observedAt: '', stale: false },
  ...{ system: { id: 'memory', title: 'Memory', vendor: 'memory' }, problem: null, cancellation: null, actions: [] },
});
const pageOf = (ids: readonly string[], hasNextPage = false): FollowedPage => ({
  nodes: ids.map((id) => job(id)),
  pageInfo: { hasNextPage, endCursor: 'end' },
  complete: true,
  systems: [],
});
const start = (page: FollowedPage) => applyEvent(null, { __typename: 'JobListPage', page }, 3) as FollowedPage;
const pageAfter = (page: FollowedPage, ...events: JobListEvent[]) =>
  events.reduce((now, event) => applyEvent(now, event, 3) as FollowedPage, start(page));
const idsOf = ({ nodes }: FollowedPage) => nodes.map(({ id }) => id);

test('is nothing before the page has come', () => {
  expect(applyEvent(null, { __typename: 'JobLeft', jobId: 'a', reason: 'GONE' }, 3)).toBeNull();
});

describe('an event', () => {
  test('of a job that enters puts it after the job before it, or first', () => {
    const page = pageAfter(
      pageOf(['a', 'b']),
      { __typename: 'JobEntered', job: job('c'), afterId: 'a' },
      { __typename: 'JobLeft', jobId: 'b', reason: 'PUSHED_OUT' },
      { __typename: 'JobEntered', job: job('d'), afterId: null },
    );
    expect(idsOf(page)).toEqual(['d', 'a', 'c']);
    expect(page.pageInfo).toEqual({ hasNextPage: true, endCursor: null });
  });

  test('of a job that changes replaces it, and moves it if its place has changed', () => {
    const same = pageAfter(pageOf(['a', 'b', 'c'], true), { __typename: 'JobChanged', job: job('b', 'FAILED'), afterId: 'a' });
    expect(same.nodes.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'RUNNING'],
      ['b', 'FAILED'],
      ['c', 'RUNNING'],
    ]);
    expect(same.pageInfo).toEqual({ hasNextPage: true, endCursor: 'end' });
    const moved = pageAfter(pageOf(['a', 'b', 'c'], true), { __typename: 'JobChanged', job: job('c'), afterId: null });
    expect(idsOf(moved)).toEqual(['c', 'a', 'b']);
    expect(moved.pageInfo.endCursor).toBeNull();
  });

  test('of a job that leaves removes it; a short page has no next one', () => {
    const left = { __typename: 'JobLeft', reason: 'NO_LONGER_MATCHES' } as const;
    const page = pageAfter(pageOf(['a', 'b', 'c'], true), { ...left, jobId: 'a' }, { ...left, jobId: 'c' });
    expect(idsOf(page)).toEqual(['b']);
    expect(page.pageInfo.hasNextPage).toBe(false);
  });

  test('of the systems changes only them', () => {
    const page = pageAfter(pageOf(['a']), { __typename: 'JobListSystems', complete: false, systems: [] });
    expect(page).toEqual({ ...pageOf(['a']), complete: false });
  });
});
