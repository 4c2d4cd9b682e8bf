import { idsOf, may, mayAct, resultsOf, systemOf } from './asked.ts';
import { isAction, type Operation } from './callers.ts';
import { isAskedFor, type World } from './judged-world.ts';

/** Pages contain no job twice, keep order and filter, and contain every job that stayed or are reported as incomplete. */
export function checkLists(world: World): string[] {
  const breaches: string[] = [];
  const pages = world.callers.operations.filter(({ kind, data }) => kind === 'list' && data?.jobs);
  const byCursor = new Map(pages.map((page) => [page.variables.after as string | undefined, page]));
  for (const page of pages) {
    const { nodes, complete, systems } = page.data.jobs;
    const times: number[] = nodes.map(({ createdAt }: { createdAt: string | null }) =>
      createdAt === null ? Number.NEGATIVE_INFINITY : Date.parse(createdAt),
    );
    if (complete && times.some((time, index) => index > 0 && time > (times[index - 1] as number)))
      breaches.push(`${page.id}: the order is wrong`);
    const problems = systems.filter(({ problem }: { problem: object | null }) => problem !== null);
    if (complete !== (problems.length === 0)) breaches.push(`${page.id}: complete is ${complete}, with ${problems.length} problems`);
    const { statuses, systemIds } = page.variables.filter;
    for (const { id, status, systemId } of nodes) {
      if (statuses && !statuses.includes(status)) breaches.push(`${page.id}: ${id} is ${status}, and was not asked for`);
      if (systemIds && !systemIds.includes(systemId)) breaches.push(`${page.id}: ${id} is of another system than asked for`);
    }
    if (page.variables.after === undefined) breaches.push(...checkWalk(world, page, byCursor));
  }
  return breaches;
}

function checkWalk(world: World, first: Operation, byCursor: ReadonlyMap<string | undefined, Operation>): string[] {
  const walk: Operation[] = [];
  for (let page: Operation | undefined = first; page && !walk.includes(page); ) {
    walk.push(page);
    const { hasNextPage, endCursor }: { hasNextPage: boolean; endCursor: string } = page.data.jobs.pageInfo;
    page = hasNextPage ? byCursor.get(endCursor) : undefined;
  }
  const ids: string[] = walk.flatMap(({ data }) => data.jobs.nodes.map(({ id }: { id: string }) => id));
  const found = new Set(ids);
  const isWhole = walk.every(({ data }) => data.jobs.complete);
  const twice = [...found].filter((id) => ids.indexOf(id) !== ids.lastIndexOf(id) && !mayMove(world, id));
  if (twice.length > 0) return [`${walk.map(({ id }) => id).join()}: ${twice.join()} came twice`];
  const last = walk.at(-1) as Operation;
  const { statuses, systemIds, availableAction } = first.variables.filter;
  if (!isWhole || last.data.jobs.pageInfo.hasNextPage || statuses || availableAction) return [];
  const listed = [...world.vendors.keys()].filter((id) => may(first.caller, 'jobs:read', id) && (!systemIds || systemIds.includes(id)));
  const lost = [...world.history.jobIds()].filter(
    (id) =>
      listed.includes(systemOf(id)) &&
      !found.has(id) &&
      !mayMove(world, id) &&
      !world.history.words(id, first.startedMs - 1, last.endedMs as number).includes(null) &&
      isListable(world, id, first.startedMs, last.endedMs as number),
  );
  return lost.length > 0 ? [`${walk.map(({ id }) => id).join()}: complete, and without ${lost.join()}`] : [];
}

/** A restarted job has a new time: it comes again, or moves from the pages that are still to be read to those that were. */
const mayMove = (world: World, jobId: string): boolean => isAskedFor(world, jobId, ['RESTART']);

/** Whether its vendor's lists had the job all the time. */
function isListable({ vendors, history }: World, jobId: string, fromMs: number, toMs: number): boolean {
  return vendors.get(systemOf(jobId))?.isListed?.(history.words(jobId, fromMs - 1, toMs)) ?? true;
}

/** No response contains data of a system that the caller can't read, and no action is performed for a caller without its scope. */
export function checkRights({ callers }: World): string[] {
  return callers.operations.flatMap((operation) => {
    const { id, caller, kind, data } = operation;
    const leaks = (systemId: string, scope: string): string[] =>
      may(caller, scope, systemId) ? [] : [`${id}: ${caller.name} sees ${systemId} without ${scope}`];
    if (kind === 'list' && data?.jobs) {
      return data.jobs.nodes.flatMap(({ systemId, raw }: { systemId: string; raw: unknown }) => [
        ...leaks(systemId, 'jobs:read'),
        ...(raw === null ? [] : leaks(systemId, 'jobs:raw')),
      ]);
    }
    if (kind === 'read' && data?.jobsByIds) {
      return data.jobsByIds.flatMap((each: { __typename: string; systemId: string }) =>
        each.__typename === 'Job' ? leaks(each.systemId, 'jobs:read') : [],
      );
    }
    if (kind === 'events' && data?.jobEvents) {
      return data.jobEvents.nodes.flatMap(({ jobId }: { jobId: string }) => leaks(systemOf(jobId), 'audit:read'));
    }
    if (kind === 'bulks' && data?.bulkOperations) {
      return data.bulkOperations.nodes.flatMap(({ systems }: { systems: { system: { id: string } }[] }) =>
        systems.flatMap(({ system }) => leaks(system.id, 'jobs:read')),
      );
    }
    if (kind === 'preview' && data?.previewBulkAction) {
      return data.previewBulkAction.systems.flatMap(({ system }: { system: { id: string } }) => leaks(system.id, 'jobs:read'));
    }
    if (!isAction(kind)) return [];
    const results = resultsOf(operation) ?? [];
    return idsOf(operation).flatMap((jobId, index) => {
      const type = results[index]?.__typename;
      const isSuccess = type === 'CancelSuccess' || type === 'JobActionSuccess';
      return isSuccess && !mayAct(caller, kind, systemOf(jobId))
        ? [`${id}: ${kind} of ${jobId} succeeded for ${caller.name}, who may not`]
        : [];
    });
  });
}

/** The maximum age of a vendor's status in a response: in transit, or cached during the vendor's minimum read interval. */
const oldestCopyMs = 90_000;

/** Each result is the requested job, with a status word that the vendor had for it. */
export function checkReads({ callers, history, vendors }: World): string[] {
  return callers.operations.flatMap(({ id, kind, variables, data, startedMs, endedMs }) => {
    if (kind !== 'read' || !data?.jobsByIds) return [];
    const jobs: { __typename: string; id: string; stale: boolean; vendorStatus: string }[] = data.jobsByIds;
    return jobs.flatMap((job, index) => {
      if (job.__typename !== 'Job') return [];
      const asked: string = variables.ids[index];
      if (job.id !== asked) return [`${id}: asked for ${asked}, got ${job.id}`];
      if (job.stale || !vendors.get(systemOf(asked))?.showsWords) return [];
      const words = history.words(asked, startedMs - oldestCopyMs, endedMs as number);
      return words.includes(job.vendorStatus) ? [] : [`${id}: ${asked} is ${job.vendorStatus}, and was ${words.join(', ')} in truth`];
    });
  });
}
