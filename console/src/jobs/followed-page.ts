import type { JobListChangedSubscription, ListPageFragment } from '../api/generated/graphql.ts';

export type JobListEvent = JobListChangedSubscription['jobListChanged'];

/** The first page of a list, as its subscription has described it so far. `endCursor` is null once the page has changed. */
export type FollowedPage = ListPageFragment;

/** The page after an event. Null: the first event, which has the page, is yet to come. `first`: the size of a full page. */
export function applyEvent(page: FollowedPage | null, event: JobListEvent, first: number): FollowedPage | null {
  if (event.__typename === 'JobListPage') return event.page;
  if (!page) return null;
  switch (event.__typename) {
    case 'JobEntered':
    case 'JobChanged':
      return withNodes(page, place(page.nodes, event), first, false);
    case 'JobLeft':
      return withNodes(
        page,
        page.nodes.filter(({ id }) => id !== event.jobId),
        first,
        event.reason === 'PUSHED_OUT',
      );
    case 'JobListSystems':
      return { ...page, complete: event.complete, systems: event.systems };
    default:
      return event satisfies never;
  }
}

function place(nodes: FollowedPage['nodes'], { job, afterId }: Extract<JobListEvent, { afterId: string | null }>): FollowedPage['nodes'] {
  const others = nodes.filter(({ id }) => id !== job.id);
  const index = others.findIndex(({ id }) => id === afterId) + 1;
  return [...others.slice(0, index), job, ...others.slice(index)];
}

/** `wasPushedOut`: a job left to make room, so there is a next page. */
function withNodes(page: FollowedPage, nodes: FollowedPage['nodes'], first: number, wasPushedOut: boolean): FollowedPage {
  const isSame = nodes.length === page.nodes.length && nodes.every(({ id }, index) => id === page.nodes[index]?.id);
  const hasNextPage = wasPushedOut || (nodes.length >= first - 1 && page.pageInfo.hasNextPage);
  return { ...page, nodes, pageInfo: { hasNextPage, endCursor: isSame ? page.pageInfo.endCursor : null } };
}
