import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Envelope, failure, insufficientAccess, success } from './envelope.ts';
import type { VaultJobs } from './jobs.ts';
import { readForm } from './login.ts';
import { conditionMet, parseQuery, type Query } from './query-syntax.ts';
import { type QueryRow, targets } from './query-targets.ts';
import type { VaultSwitches } from './switches.ts';

const maxQuery = 50_000;
const maxPage = 1_000;
const maxQueriesAtOnce = 5;
const pagesKeptMs = 72 * 3_600_000;

/** Vault's responses to VQL. The sandbox has only the three targets about jobs. */
export interface VaultQueries {
  /** `POST /query` with the form field `q`. */
  run(request: SandboxRequest, userId: number, version: string, origin: string): QueryAnswer;
  /** `next_page` of an earlier response. */
  readPage(request: SandboxRequest, pageId: string, version: string, origin: string): QueryAnswer;
}

export interface QueryAnswer {
  envelope: Envelope;
  /** The duration of the query, in real time. */
  delayMs: number;
}

export function createQueries(parts: { jobs: VaultJobs; switches: VaultSwitches; nowMs(): number; uuid(): string }): VaultQueries {
  const { jobs, switches, nowMs, uuid } = parts;
  const kept = createKeptQueries(nowMs);
  const places = createPlaces();

  const answerPage = (query: Query, page: Page): Envelope => {
    const { rows, rejection } = rowsOf(query, jobs, switches, nowMs());
    return rejection ?? toPage(rows, page, switches);
  };

  return {
    run(request, userId, version, origin) {
      const query = readQuery(request, switches);
      if ('body' in query) return { envelope: query, delayMs: 0 };
      if (!places.take(userId, switches.queryDurationMs)) {
        const envelope = failure(switches.tooManyQueriesType, `At most ${maxQueriesAtOnce} queries can run at a time.`);
        return { envelope, delayMs: 0 };
      }
      const id = uuid();
      kept.add(id, query);
      const size = Math.min(query.pageSize ?? maxPage, switches.queryPageSize);
      return { envelope: answerPage(query, { id, offset: 0, version, origin, size }), delayMs: switches.queryDurationMs };
    },
    readPage(request, id, version, origin) {
      const query = kept.find(id);
      const offset = Number(request.query.get('pageoffset'));
      const size = Number(request.query.get('pagesize'));
      if (!query || !(offset >= 0 && size >= 1)) {
        return { envelope: failure('INVALID_DATA', 'The page of the query is not available.'), delayMs: 0 };
      }
      return { envelope: answerPage(query, { id, offset, version, origin, size }), delayMs: 0 };
    },
  };
}

function readQuery(request: SandboxRequest, switches: VaultSwitches): Query | Envelope {
  const text = readForm(request).get('q');
  if (text === null || text.trim() === '') return failure('PARAMETER_REQUIRED', 'Missing required parameter [q]');
  if (text.length > maxQuery) return failure(switches.querySyntaxErrorType, `The query exceeds ${maxQuery} characters.`);
  if (switches.queryAccess === 'denied') return insufficientAccess('Admin: Jobs');
  return parseQuery(text) ?? failure(switches.querySyntaxErrorType, 'The query syntax is not correct.');
}

/** The queries whose further pages can be read. */
function createKeptQueries(nowMs: () => number) {
  const kept = new Map<string, { query: Query; atMs: number }>();
  const isKept = ({ atMs }: { atMs: number }) => nowMs() - atMs < pagesKeptMs;
  return {
    add(id: string, query: Query): void {
      for (const [oldId, entry] of kept) if (!isKept(entry)) kept.delete(oldId);
      kept.set(id, { query, atMs: nowMs() });
    },
    find(id: string): Query | undefined {
      const entry = kept.get(id);
      return entry && isKept(entry) ? entry.query : undefined;
    },
  };
}

/** How many queries of each user run at a time, in real time. */
function createPlaces() {
  const running = new Map<number, number>();
  const add = (userId: number, count: number): void => void running.set(userId, (running.get(userId) ?? 0) + count);
  return {
    /** False if the user's places are all taken. */
    take(userId: number, durationMs: number): boolean {
      if (durationMs === 0) return true;
      if (running.get(userId) === maxQueriesAtOnce) return false;
      add(userId, 1);
      // By a timer, as the response is delayed by one: by the clock, the response could arrive before its query has ended.
      setTimeout(() => add(userId, -1), durationMs).unref();
      return true;
    },
  };
}

interface Page {
  /** The query's ID. */
  id: string;
  offset: number;
  size: number;
  version: string;
  origin: string;
}

function toPage(rows: readonly QueryRow[], { id, offset, size, version, origin }: Page, { pageLinks }: VaultSwitches): Envelope {
  const shown = rows.slice(offset, offset + size);
  const link = (at: number) => `${pageLinks === 'url' ? origin : ''}/api/${version}/query/${id}?pagesize=${size}&pageoffset=${at}`;
  return success({
    responseDetails: {
      pagesize: size,
      pageoffset: offset,
      size: shown.length,
      total: rows.length,
      ...(offset > 0 && { previous_page: link(Math.max(0, offset - size)) }),
      ...(offset + size < rows.length && { next_page: link(offset + size) }),
    },
    data: shown,
  });
}

type Rows = { rows: QueryRow[]; rejection?: undefined } | { rows?: undefined; rejection: Envelope };

function rowsOf({ fields, target: name, conditions }: Query, jobs: VaultJobs, switches: VaultSwitches, nowMs: number): Rows {
  const target = targets.get(name);
  if (!target || switches.unknownQueryTargets.split(' ').includes(name)) {
    return { rejection: failure('INVALID_DATA', `Invalid query target [${name}]`) };
  }
  const asked = [...fields, ...conditions.map(({ field }) => field)];
  const unknown = asked.find((field) => !target.fields.includes(field));
  if (unknown !== undefined) return { rejection: failure(switches.querySyntaxErrorType, `Invalid field [${unknown}] for [${name}]`) };
  const isRejected =
    switches.queryIdFilter === 'rejected' && conditions.some(({ field, operator }) => field === 'id' && operator === 'CONTAINS');
  if (isRejected) return { rejection: failure(switches.querySyntaxErrorType, 'The operator [CONTAINS] is not valid for the field [id].') };
  const shownFields = fields.filter((field) => !switches.queryHidesFields.split(' ').includes(field));
  const rows = target
    .rows(jobs, switches, nowMs)
    .filter((row) => conditions.every((condition) => conditionMet(condition, row)))
    .map((row) => Object.fromEntries(shownFields.map((field) => [field, row[field] ?? null])));
  return { rows };
}
