import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Envelope, failure, insufficientAccess, success } from './envelope.ts';
import { readForm } from './login.ts';
import { conditionMet, parseQuery, type Query } from './query-syntax.ts';
import { type QueryRow, targets } from './query-targets.ts';
import type { VaultJobs } from './state.ts';
import type { VaultSwitches } from './switches.ts';

const maxQuery = 50_000;
const maxPage = 1_000;
const maxQueriesAtOnce = 5;
const pagesKeptMs = 72 * 3_600_000;

/** Vault's answers to VQL, of which only the three targets about jobs are known. */
export interface VaultQueries {
  /** `POST /query` with the form field `q`. */
  run(request: SandboxRequest, userId: number, version: string, origin: string): QueryAnswer;
  /** `next_page` of an earlier answer. */
  readPage(request: SandboxRequest, pageId: string, version: string, origin: string): QueryAnswer;
}

export interface QueryAnswer {
  envelope: Envelope;
  /** Real time that the query takes. */
  delayMs: number;
}

export function createQueries(parts: { jobs: VaultJobs; switches: VaultSwitches; nowMs(): number; uuid(): string }): VaultQueries {
  const { jobs, switches, nowMs, uuid } = parts;
  const kept = new Map<string, { query: Query; atMs: number }>();
  /** When the queries of each user that still run end, in real time. */
  const endsOf = new Map<number, number[]>();

  const takePlace = (userId: number): boolean => {
    const realMs = performance.now();
    const running = (endsOf.get(userId) ?? []).filter((endMs) => endMs > realMs);
    const isFree = running.length < maxQueriesAtOnce;
    if (isFree) running.push(realMs + switches.queryDurationMs);
    endsOf.set(userId, running);
    return isFree;
  };

  const answerPage = (query: Query, id: string, offset: number, page: { version: string; origin: string; size: number }): Envelope => {
    const { rows, rejection } = rowsOf(query, jobs, switches, nowMs());
    if (rejection) return rejection;
    const { size } = page;
    const shown = rows.slice(offset, offset + size);
    const link = (at: number) =>
      `${switches.pageLinks === 'url' ? page.origin : ''}/api/${page.version}/query/${id}?pagesize=${size}&pageoffset=${at}`;
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
  };

  return {
    run(request, userId, version, origin) {
      const text = readForm(request).get('q');
      const rejected = (envelope: Envelope): QueryAnswer => ({ envelope, delayMs: 0 });
      if (text === null || text.trim() === '') return rejected(failure('PARAMETER_REQUIRED', 'Missing required parameter [q]'));
      if (text.length > maxQuery) return rejected(failure(switches.querySyntaxErrorType, `The query exceeds ${maxQuery} characters.`));
      if (switches.queryAccess === 'denied') return rejected(insufficientAccess('Admin: Jobs'));
      const query = parseQuery(text);
      if (!query) return rejected(failure(switches.querySyntaxErrorType, 'The query syntax is not correct.'));
      if (!takePlace(userId))
        return rejected(failure(switches.tooManyQueriesType, `At most ${maxQueriesAtOnce} queries can run at a time.`));
      const id = uuid();
      for (const [oldId, { atMs }] of kept) if (nowMs() - atMs >= pagesKeptMs) kept.delete(oldId);
      kept.set(id, { query, atMs: nowMs() });
      const size = Math.min(query.pageSize ?? maxPage, switches.queryPageSize);
      return { envelope: answerPage(query, id, 0, { version, origin, size }), delayMs: switches.queryDurationMs };
    },
    readPage(request, pageId, version, origin) {
      const earlier = kept.get(pageId);
      const offset = Number(request.query.get('pageoffset'));
      const size = Number(request.query.get('pagesize'));
      const isKnown = earlier !== undefined && nowMs() - earlier.atMs < pagesKeptMs;
      if (!isKnown || !(offset >= 0 && size >= 1)) {
        return { envelope: failure('INVALID_DATA', 'The page of the query is not available.'), delayMs: 0 };
      }
      return { envelope: answerPage(earlier.query, pageId, offset, { version, origin, size }), delayMs: 0 };
    },
  };
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
