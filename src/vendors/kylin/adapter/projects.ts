import { LRUCache } from 'lru-cache';
import { atMost } from '../../../concurrency/at-most.ts';
import { untilAborted } from '../../../concurrency/map-concurrently.ts';
import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls, Reply } from './calls.ts';
import { accessDeniedCode, projectUnknownCode } from './errors.ts';
import { projectSchema } from './wire.ts';

/**
 * Which projects the account's requests have to name. Until 5.0.4 one request covers all; from 5.0.5 on only for global administrators,
 * and everybody else asks project by project.
 */
export interface Projects {
  /** The projects to ask, or null: all with one request that names none. Costs a request if they have to be found out. */
  select(call: CallContext): Promise<Result<Selection | null>>;
  /** The projects to ask as far as they are known: what `select` has just told. */
  selected(): Selection | null;
  /** Learns from the reply to a request that named this project, or none. True: `select` may now choose otherwise, so it is worth asking again. */
  learn(project: string | null, reply: Reply<unknown>): boolean;
  /** False: this account gets lists of all projects, but not of each one, which older servers show with the Operation permission only. */
  mayNameAny(): boolean;
  /** The project in which this job was last seen, if requests name projects; null: not known. */
  homeOf(vendorId: string): string | null;
  noteHome(vendorId: string, project: string | null): void;
}

export interface Selection {
  names: readonly string[];
  /** How many more projects the account may operate: too many to ask each. */
  leftOut: number;
}

/** Most projects that are asked one by one. */
export const maxProjects = 100;
/** For so long a refused list and the projects found out then are remembered: the account may get other permissions. */
const keptMs = 600_000;
/** A project that is refused although Kylin has just named it does not cost a discovery each time. */
const freshMs = 30_000;
const discoveryMs = 30_000;
const keptHomes = 10_000;

/** `configured`: the only projects to ask; null: all that the account may operate. */
export function createProjects(options: {
  systemId: string;
  calls: Pick<Calls, 'listProjects'>;
  configured: readonly string[] | null;
  nowMs?: () => number;
}): Projects {
  const { systemId, calls, configured } = options;
  const nowMs = options.nowMs ?? Date.now;
  const homes = new LRUCache<string, string>(atMost(keptHomes));
  let refusedAtMs: number | null = null;
  let namingDeniedAtMs = Number.NEGATIVE_INFINITY;
  let found: { selection: Selection; atMs: number } | null = null;
  let discovery: Promise<Result<Selection>> | null = null;

  /** One discovery at a time, shared by all who need it. Not with the first asker's signal, nor in its line: neither must cost the others anything. */
  const discover = (call: CallContext): Promise<Result<Selection>> => {
    discovery ??= findProjects(systemId, calls, { ...call, caller: 'project discovery', signal: AbortSignal.timeout(discoveryMs) })
      .then((outcome) => {
        if (outcome.ok) found = { selection: outcome.value, atMs: nowMs() };
        return outcome;
      })
      .finally(() => {
        discovery = null;
      });
    return discovery;
  };

  const selected = (): Selection | null =>
    configured ? { names: configured, leftOut: 0 } : refusedAtMs === null ? null : (found?.selection ?? null);

  return {
    selected,
    async select(call) {
      if (configured) return succeed({ names: configured, leftOut: 0 });
      if (refusedAtMs !== null && nowMs() - refusedAtMs >= keptMs) {
        refusedAtMs = null;
        found = null;
      }
      if (refusedAtMs === null) return succeed(null);
      if (found) return succeed(found.selection);
      const outcome = await untilAborted(discover(call), call.signal);
      return outcome ?? fail(createProblem('TIMED_OUT', `${systemId} had not told its projects when the operation's time was up.`));
    },
    learn(project, reply) {
      if (configured || reply.kind !== 'rejected') return false;
      if (project === null) {
        if (reply.vendorCode !== accessDeniedCode) return false;
        refusedAtMs = nowMs();
        return true;
      }
      if (refusedAtMs === null) {
        if (reply.vendorCode !== accessDeniedCode) return false;
        namingDeniedAtMs = nowMs();
        return true;
      }
      const isGone = reply.vendorCode === accessDeniedCode || reply.vendorCode === projectUnknownCode;
      if (!isGone || !found || nowMs() - found.atMs < freshMs) return false;
      found = null;
      return true;
    },
    mayNameAny: () => nowMs() - namingDeniedAtMs >= keptMs,
    homeOf: (vendorId) => homes.get(vendorId) ?? null,
    noteHome(vendorId, project) {
      if (project === null) homes.delete(vendorId);
      else homes.set(vendorId, project);
    },
  };
}

/** The projects in which the account has the Operation permission, which a list of their jobs needs. */
async function findProjects(systemId: string, calls: Pick<Calls, 'listProjects'>, call: CallContext): Promise<Result<Selection>> {
  const reply = await calls.listProjects(maxProjects, call);
  if (reply.kind !== 'value') return fail(reply.problem);
  const { value: rows, total_size: total } = reply.value;
  const projects = rows.flatMap((row) => projectSchema.safeParse(row).data ?? []);
  // Older servers list all projects that the account may read.
  const names = projects.filter(({ permission }) => permission !== 'READ').map(({ name }) => name);
  if (names.length === 0) {
    const message = `${systemId} has no project in which its user has the Operation permission, and shows jobs of all projects only to global administrators. Grant the permission in each project whose jobs you want to see.`;
    return fail(createProblem('ACCESS_DENIED', message));
  }
  return succeed({ names, leftOut: Math.max(0, (total ?? 0) - rows.length) });
}
