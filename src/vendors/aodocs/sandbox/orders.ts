import type { Job } from './job.ts';

export type Criterion = 'started' | 'lastActivity';

/** The jobs of each library in ascending order. */
export interface Orders {
  add(job: Job): void;
  remove(job: Job): void;
  /** The job's time has changed. */
  unsort(job: Job, criterion: Criterion): void;
  /** Equal times are ordered by ID. Not to be changed or kept. */
  sorted(libraryId: string, criterion: Criterion): readonly Job[];
}

export function timeOf(job: Job, criterion: Criterion): number {
  return criterion === 'started' ? job.startedAtMs : job.lastActivityAtMs;
}

/** The order of a list: by time, and by ID if the times are equal. */
export function compareJobs(a: readonly [atMs: number, jobId: string], b: readonly [atMs: number, jobId: string]): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}

export function createOrders(): Orders {
  // Sorted when read: a list that is nearly in order costs little to sort again.
  const orders = new Map<string, Record<Criterion, { jobs: Job[]; sorted: boolean }>>();

  const ordersOf = (libraryId: string) => {
    const found = orders.get(libraryId) ?? { started: { jobs: [], sorted: true }, lastActivity: { jobs: [], sorted: true } };
    orders.set(libraryId, found);
    return found;
  };
  // No library lists a job of the whole domain.
  const ordersWith = ({ libraryId }: Job) => (libraryId === null ? [] : Object.values(ordersOf(libraryId)));

  return {
    add(job) {
      for (const order of ordersWith(job)) {
        order.jobs.push(job);
        order.sorted = false;
      }
    },
    remove(job) {
      for (const order of ordersWith(job)) order.jobs.splice(order.jobs.indexOf(job), 1);
    },
    unsort({ libraryId }, criterion) {
      if (libraryId !== null) ordersOf(libraryId)[criterion].sorted = false;
    },
    sorted(libraryId, criterion) {
      const order = ordersOf(libraryId)[criterion];
      if (!order.sorted) {
        order.jobs.sort((a, b) => compareJobs([timeOf(a, criterion), a.jobId], [timeOf(b, criterion), b.jobId]));
        order.sorted = true;
      }
      return order.jobs;
    },
  };
}
