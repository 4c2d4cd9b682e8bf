import type { JobListEvent } from '../../live/list-events.ts';
import type { JobListEventResolvers, JobListSystemsResolvers, SubscriptionResolvers } from '../generated/resolvers.ts';
import { toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { checkSystems, defaultOrder, defaultRows, maxRows } from './job-list.ts';
import { rateLimited } from './live.ts';

export const jobListChanged: NonNullable<SubscriptionResolvers<Context>['jobListChanged']> = {
  subscribe(_parent, { filter, orderBy, first }, { jobs, lists }) {
    const rows = toRowCount(first, { min: 1, max: maxRows, byDefault: defaultRows });
    checkSystems(filter, jobs);
    const subscription = lists().subscribe({ filter: filter ?? {}, order: orderBy ?? defaultOrder, first: rows });
    if (!subscription.ok) throw rateLimited(subscription.problem);
    return subscription.value;
  },
  resolve: (event: JobListEvent) => event,
};

const members = {
  page: 'JobListPage',
  entered: 'JobEntered',
  changed: 'JobChanged',
  left: 'JobLeft',
  systems: 'JobListSystems',
} as const satisfies Record<JobListEvent['kind'], string>;

export const jobListEventResolvers: JobListEventResolvers<Context> = { __resolveType: ({ kind }) => members[kind] };
export const jobListSystemsResolvers: JobListSystemsResolvers<Context> = {
  complete: ({ page }) => page.complete,
  systems: ({ page }) => page.systems,
};
