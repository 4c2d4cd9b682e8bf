import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { ServedSystem } from '../../job-service/served-system.ts';
import { createUnreadJob } from '../../jobs/create-job.ts';
import { formatJobId, type JobId, parseJobId } from '../../jobs/job-id.ts';
import { fail, type Result, succeed } from '../../jobs/problem.ts';
import { toBoundedText } from '../../jobs/storable-text.ts';
import { badUserInput, maxActions } from './bad-user-input.ts';
import type { Context } from './context.ts';
import type { JobParent } from './parents.ts';

/** A reference from another subgraph: a type name and the fields of one of its keys. */
type Representation = Readonly<Record<string, unknown>>;

/**
 * Resolves federation's `_entities`: at most as many references as a mutation takes IDs, each costed like an ID (graphql/cost.ts). One
 * promise per representation: a malformed one costs one null and one BAD_USER_INPUT, never the list. A job that doesn't exist or that the
 * caller can't read is null; a job whose system is unavailable has the status UNKNOWN and the problem.
 */
export function resolveEntities(
  _parent: unknown,
  { representations }: { representations: readonly unknown[] },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobParent | ServedSystem | null>[] {
  // A gateway joins the references of a whole page and can't split them: the lower limit of reads would fail its query.
  if (representations.length > maxActions) {
    throw badUserInput(`representations: expected at most ${maxActions}, got ${representations.length}. Request fewer rows at once.`);
  }
  const reads = needsRead(info);
  return representations.map(async (representation, index) => {
    const place = `representations[${index}]`;
    if (typeof representation !== 'object' || representation === null) throw badUserInput(`${place}: expected an object`);
    const fields: Representation = { ...representation };
    switch (fields.__typename) {
      case 'Job':
        return orBadInput(await resolveJob(jobIdOf(fields, place), reads, context), place);
      case 'JobSystem':
        if (typeof fields.id !== 'string') throw badUserInput(`${place}: expected a JobSystem with an id`);
        return context.jobs.visibleSystems.find(({ id }) => id === fields.id) ?? null;
      default:
        throw badUserInput(`${place}: expected __typename Job or JobSystem, got ${quote(fields.__typename)}`);
    }
  });
}

/** The type of a value from `resolveEntities`. */
export function entityTypeOf(entity: JobParent | ServedSystem): 'Job' | 'JobSystem' {
  return 'adapter' in entity ? 'JobSystem' : 'Job';
}

/**
 * The job, a placeholder of status UNKNOWN if it can't be read now, or null if it doesn't exist or the caller can't read it. INVALID_ID: the
 * system can't have such an ID. `reads`: whether a field beyond its ID is selected.
 */
export async function resolveJob(id: JobId, reads: boolean, { jobs }: Context): Promise<Result<JobParent | null>> {
  if (!jobs.permissions.mayRead(id.systemId)) return succeed(null);
  const text = formatJobId(id);
  if (!reads) return succeed(jobs.findSystem(id.systemId) && { ...id, id: text });
  const lookup = await jobs.loadJob(text);
  switch (lookup.kind) {
    case 'job':
      return succeed(lookup.job);
    case 'notFound':
      return lookup.problem.code === 'INVALID_ID' ? fail(lookup.problem) : succeed(null);
    case 'problem':
      return succeed(createUnreadJob(id.systemId, id.vendorId, lookup.problem, new Date()));
  }
}

function orBadInput<Value>(result: Result<Value>, place: string): Value {
  if (result.ok) return result.value;
  throw badUserInput(`${place}: ${result.problem.message}`);
}

/** A short description of a value, which may be large or nested too deep to serialize. */
function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(toBoundedText(value, 100));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'none' : String(value);
}

/** Both keys of a job lead to one ID, and so to one read. */
function jobIdOf({ id, systemId, vendorId }: Representation, place: string): JobId {
  const byId = typeof id === 'string' ? parseJobId(id) : null;
  if (id !== undefined && !byId) throw badUserInput(`${place}: expected an id of the form systemId:vendorId, got ${quote(id)}`);
  if (systemId === undefined && vendorId === undefined) {
    if (byId) return byId;
    throw badUserInput(`${place}: expected a Job with id, or with systemId and vendorId`);
  }
  const byParts = typeof systemId === 'string' && typeof vendorId === 'string' ? parseJobId(`${systemId}:${vendorId}`) : null;
  if (!byParts) throw badUserInput(`${place}: expected systemId and vendorId, got ${quote(systemId)} and ${quote(vendorId)}`);
  if (byId && formatJobId(byId) !== formatJobId(byParts)) throw badUserInput(`${place}: its keys name different jobs`);
  return byParts;
}

const freeFields: ReadonlySet<string> = new Set(['__typename', 'id', 'systemId', 'vendorId', 'system']);

/** Whether a selected field of a job isn't known from the ID alone. */
export function needsRead({ fieldNodes, fragments }: GraphQLResolveInfo): boolean {
  const selectsMore = (selectionSet: SelectionSetNode | undefined): boolean =>
    selectionSet?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return !freeFields.has(selection.name.value);
      return selectsMore(selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value]?.selectionSet : selection.selectionSet);
    }) ?? false;
  return fieldNodes.some((node) => selectsMore(node.selectionSet));
}
