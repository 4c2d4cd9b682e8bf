import { LRUCache } from 'lru-cache';
import { atMost } from '../../../concurrency/at-most.ts';
import { untilAborted } from '../../../concurrency/map-concurrently.ts';
import type { CallContext } from '../../../jobs/adapter.ts';
import { fail, noResponseInTime, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls, Reply } from './calls.ts';
import { accessDeniedCode, projectUnknownCode } from './errors.ts';
import { createDiscovery, type Selection } from './project-discovery.ts';

/**
 * Which projects the account's requests have to name. Until 5.0.4 one request covers all projects. From 5.0.5 on that needs a global
 * administrator; for all other accounts Jobyard queries project by project.
 */
export interface Projects {
  /** The projects to query, or null: all of them, with one request that names none. Sends a request if Jobyard has to find the projects. */
  select(call: CallContext): Promise<Result<Selection | null>>;
  /** The projects to query, as last returned by `select`. Sends nothing. */
  selected(): Selection | null;
  /** Learns from the reply to a request that named this project, or none. True: `select` may now return other projects, so ask again. */
  learn(project: string | null, reply: Reply<unknown>): boolean;
  /** False: this account gets lists of all projects, but not of each one. Older servers show these only with the Operation permission. */
  mayNameAny(): boolean;
  /** The project in which this job was last seen, if requests name projects; null: unknown. */
  homeOf(vendorId: string): string | null;
  /** `project`: null removes the entry. */
  recordHome(vendorId: string, project: string | null): void;
}

/** How long Jobyard keeps a rejection and the projects that it found: the account may get other permissions. */
const keptMs = 600_000;
/** The minimum time between two discoveries, for a project that Kylin rejects although it has just listed it. */
const freshMs = 30_000;
const maxHomes = 10_000;

/** What the replies so far have shown about the account. */
interface Access {
  /** When Kylin rejected a list of all projects. Null: not in the last 10 minutes. */
  rejectedAtMs: number | null;
  /** When Kylin rejected a list of one project, although it returns lists of all. */
  namingDeniedAtMs: number;
  found: { selection: Selection; atMs: number } | null;
}

/** `configured`: the only projects to query; null: all in which the account has the Operation permission. */
export function createProjects(options: {
  systemId: string;
  calls: Pick<Calls, 'listProjects'>;
  configured: readonly string[] | null;
  nowMs?: () => number;
}): Projects {
  const { systemId, calls, configured } = options;
  const nowMs = options.nowMs ?? Date.now;
  const homes = new LRUCache<string, string>(atMost(maxHomes));
  let access: Access = { rejectedAtMs: null, namingDeniedAtMs: Number.NEGATIVE_INFINITY, found: null };
  const discover = createDiscovery(systemId, calls, (selection) => {
    access = { ...access, found: { selection, atMs: nowMs() } };
  });

  return {
    selected() {
      if (configured) return { names: configured, leftOut: 0 };
      return access.rejectedAtMs === null ? null : (access.found?.selection ?? null);
    },
    async select(call) {
      if (configured) return succeed({ names: configured, leftOut: 0 });
      if (isOutdated(access, nowMs())) access = { ...access, rejectedAtMs: null, found: null };
      if (access.rejectedAtMs === null) return succeed(null);
      if (access.found) return succeed(access.found.selection);
      const result = await untilAborted(discover(call), call.signal);
      return result ?? fail(noResponseInTime(systemId));
    },
    learn(project, reply) {
      const learned = configured ? null : learnFrom(access, project, reply, nowMs());
      if (learned) access = learned;
      return learned !== null;
    },
    mayNameAny: () => nowMs() - access.namingDeniedAtMs >= keptMs,
    homeOf: (vendorId) => homes.get(vendorId) ?? null,
    recordHome(vendorId, project) {
      if (project === null) homes.delete(vendorId);
      else homes.set(vendorId, project);
    },
  };
}

function isOutdated({ rejectedAtMs }: Access, nowMs: number): boolean {
  return rejectedAtMs !== null && nowMs - rejectedAtMs >= keptMs;
}

/** Null: the reply shows nothing new. */
function learnFrom(access: Access, project: string | null, reply: Reply<unknown>, nowMs: number): Access | null {
  if (reply.kind !== 'rejected') return null;
  const isDenied = reply.vendorCode === accessDeniedCode;
  if (project === null) return isDenied ? { ...access, rejectedAtMs: nowMs } : null;
  if (access.rejectedAtMs === null) return isDenied ? { ...access, namingDeniedAtMs: nowMs } : null;
  const isGone = isDenied || reply.vendorCode === projectUnknownCode;
  if (!isGone || !access.found || nowMs - access.found.atMs < freshMs) return null;
  return { ...access, found: null };
}
