import { allJobs, isOddRow, type JobOrder, type JobQuery, type ListSource, type OrderField, startOfList } from '../jobs/adapter.ts';
import { type JobFields, jobStatuses } from '../jobs/job.ts';
import { maxPartLength } from '../jobs/list-position.ts';
import { toRank } from '../reading/order.ts';
import { type Check, expectThat, findLists, readAll, readEverything, readPage, type Subject, walkThrough } from './check.ts';

export const listChecks: readonly Check[] = [
  {
    id: 'list.names',
    statement: 'MUST give each of its lists a unique name',
    readOnly: true,
    async run(subject) {
      const names = (await findLists(allJobs, subject)).map(({ name }) => name);
      expectThat(names.length > 0, 'there is no list');
      expectThat(new Set(names).size === names.length, `names are repeated: ${names.join(', ')}`);
    },
  },
  {
    id: 'list.rows',
    statement: 'MUST give each row an ID that it accepts, a known status, and valid dates',
    readOnly: true,
    async run(subject) {
      for (const row of (await readEverything(allJobs, subject)).values()) {
        expectThat(subject.adapter.checkVendorId(row.vendorId) === null, `the adapter rejects the ID of its own row: ${row.vendorId}`);
        expectThat(jobStatuses.includes(row.status), `${row.vendorId}: status ${row.status}`);
        expectThat(row.status !== 'UNKNOWN' || row.vendorStatus !== '', `${row.vendorId}: UNKNOWN without the vendor's word`);
        for (const instant of [row.createdAt, row.startedAt, row.finishedAt, row.scheduledFor ?? null, row.updatedAt ?? null]) {
          expectThat(instant === null || !Number.isNaN(instant.getTime()), `${row.vendorId}: an invalid date`);
        }
        expectThat(row.name !== '' && row.type !== '' && row.owner !== '', `${row.vendorId}: an empty text instead of null`);
      }
    },
  },
  {
    id: 'list.scopes',
    statement: 'MUST declare scopes if its rows have any, and return no empty scope',
    readOnly: true,
    async run(subject) {
      for (const { vendorId, scope } of (await readEverything(allJobs, subject)).values()) {
        expectThat(scope === null || subject.adapter.hasScopes, `${vendorId}: the scope ${scope} although hasScopes is false`);
        expectThat(scope !== '', `${vendorId}: an empty scope instead of null`);
      }
    },
  },
  {
    id: 'list.raw',
    statement: 'MUST return raw fields that are JSON and contain no secret',
    readOnly: true,
    async run(subject) {
      for (const row of (await readEverything(allJobs, subject)).values()) {
        const text = JSON.stringify(row.raw());
        expectThat(typeof text === 'string', `${row.vendorId}: raw is not JSON`);
        for (const secret of subject.secrets) expectThat(!text.includes(secret), `${row.vendorId}: raw contains a secret`);
      }
    },
  },
  {
    id: 'list.pages',
    statement: 'MUST list the same jobs in small and large responses, in each order, each once per list',
    readOnly: true,
    async run(subject) {
      for (const query of [allJobs, { ...allJobs, order: null }]) {
        for (const source of await findLists(query, subject)) {
          const large = await readAll(source, query, 500, subject);
          const small = await readAll(source, query, 7, subject);
          expectThat(sameSet(large, small), `${source.name}: ${large.size} jobs in large responses, ${small.size} in small ones`);
        }
      }
    },
  },
  {
    id: 'list.resume',
    statement: 'MUST continue from an earlier position, even with another number of rows',
    readOnly: true,
    async run(subject) {
      for (const source of await findLists(allJobs, subject)) {
        const first = await readPage(source, startOfList, 5, subject);
        expectThat((first.nextPart ?? '').length <= maxPartLength, `${source.name}: a part named by ${first.nextPart?.length} characters`);
        if (!source.numbered && first.nextPart === null) continue;
        const again = (await findLists(allJobs, subject)).find(({ name }) => name === source.name);
        expectThat(again !== undefined, `${source.name}: missing from the second reading`);
        const position = source.numbered ? { part: null, row: Math.max(0, first.rows.length - 1) } : { part: first.nextPart, row: 0 };
        const rest = await readAll(again, allJobs, 50, subject, position);
        const seen = new Set(first.rows.flatMap((row) => (isOddRow(row) ? [] : row.vendorId)));
        const lost = Array.from((await readAll(source, allJobs, 500, subject)).keys()).find((id) => !rest.has(id) && !seen.has(id));
        expectThat(lost === undefined, `${source.name}: ${lost} is missing from the second reading`);
      }
    },
  },
  {
    id: 'list.order',
    statement: 'MUST list in the requested order, as exactly as it declares',
    readOnly: true,
    async run(subject) {
      for (const field of ['CREATED_AT', 'STARTED_AT', 'FINISHED_AT'] as const) {
        for (const direction of ['ASC', 'DESC'] as const) {
          const query = { ...allJobs, order: { field, direction } };
          for (const source of await findLists(query, subject)) {
            if (source.order.by === 'FIXED') continue;
            const { precisionMs, everyJobHasTime } = source.order;
            const { rows: byId, problem } = await walkThrough(source, query, 50, subject);
            const rows = [...byId.values()];
            const timeless = everyJobHasTime ? rows.find((row) => timeOf(row, field) === undefined) : undefined;
            expectThat(!timeless, `${source.name}: ${timeless?.vendorId} has no time for ${field}, although everyJobHasTime is true`);
            const timed = rows.filter((row) => timeOf(row, field) !== undefined);
            const stray = findStray(timed, (row) => toRank(timeOf(row, field) ?? 0, direction), precisionMs);
            expectThat(!stray, stray ? describeDisorder(source, query.order, stray) : '');
            expectThat(problem === null, `${source.name}: ${problem?.message}`);
          }
        }
      }
    },
  },
  {
    id: 'list.conditions',
    statement: 'MUST NOT lose a matching job by filtering at the vendor',
    readOnly: true,
    async run(subject) {
      const all = [...(await readEverything(allJobs, subject)).values()];
      for (const { condition, matches } of [...conditionsFrom(all), ...endConditionsFrom(all)]) {
        const listed = await readEverything({ ...allJobs, ...condition }, subject);
        const lost = all.find((row) => matches(row) && !listed.has(row.vendorId));
        expectThat(!lost, `${JSON.stringify(condition, printSets)} loses ${lost?.vendorId}`);
      }
    },
  },
  {
    id: 'list.exact',
    statement: 'MUST list only matching jobs if it declares that the vendor filters exactly',
    readOnly: true,
    async run(subject) {
      const all = [...(await readEverything(allJobs, subject)).values()];
      for (const { condition, matches } of conditionsFrom(all)) {
        const query = { ...allJobs, ...condition };
        for (const source of await findLists(query, subject)) {
          if (!source.exact) continue;
          const wrong = Array.from((await readAll(source, query, 500, subject)).values()).find((row) => !matches(row));
          expectThat(!wrong, `${JSON.stringify(condition, printSets)} is declared exact but lists ${wrong?.vendorId}`);
        }
      }
    },
  },
  {
    id: 'list.counts',
    statement: 'MUST count the rows of a list that it declares as counted',
    readOnly: true,
    async run(subject) {
      for (const statuses of [null, ...jobStatuses.map((status) => new Set([status]))]) {
        const query: JobQuery = { ...allJobs, statuses, order: null };
        for (const source of await findLists(query, subject)) {
          if (!source.counts) continue;
          const counted = await readTotal(source, subject);
          const listed = (await readAll(source, query, 500, subject)).size;
          expectThat(
            counted === listed,
            `${source.name}, ${JSON.stringify({ statuses }, printSets)}: counts ${counted} jobs and lists ${listed}`,
          );
        }
      }
    },
  },
];

/** The vendor's count of the whole list; null: a response has none. */
async function readTotal(source: ListSource, subject: Subject): Promise<number | null> {
  let sum = 0;
  for (let part: string | null = startOfList.part; ; ) {
    const { total, nextPart } = await readPage(source, { part, row: 0 }, 1, subject);
    if (total === null) return null;
    sum += total;
    if (nextPart === null || !source.numbered) return sum;
    part = nextPart;
  }
}

interface Condition {
  condition: Partial<JobQuery>;
  matches(row: JobFields): boolean;
}

/** Conditions that some of these jobs match, and some that none match. */
function conditionsFrom(rows: readonly JobFields[]): Condition[] {
  const types = [...new Set(rows.flatMap(({ type }) => type ?? []))].slice(0, 3);
  const owners = [...new Set(rows.flatMap(({ owner }) => owner ?? []))].slice(0, 2);
  const scopes = [...new Set(rows.flatMap(({ scope }) => scope ?? []))].slice(0, 2);
  const created = rows.flatMap(({ createdAt }) => createdAt ?? []).sort((a, b) => a.getTime() - b.getTime());
  const middle = created[Math.floor(created.length / 2)];
  const conditions: Condition[] = [
    ...jobStatuses.map((status) => ({ condition: { statuses: new Set([status]) }, matches: (row: JobFields) => row.status === status })),
    {
      condition: { statuses: new Set(['RUNNING', 'FAILED', 'UNKNOWN']) },
      matches: ({ status }) => status === 'RUNNING' || status === 'FAILED' || status === 'UNKNOWN',
    },
    ...types.map((type) => ({ condition: { types: [type] }, matches: (row: JobFields) => row.type === type })),
    { condition: { types: [...types, 'no such type'] }, matches: ({ type }) => type !== null && types.includes(type) },
    ...owners.map((owner) => ({ condition: { owners: [owner] }, matches: (row: JobFields) => row.owner === owner })),
    ...scopes.map((scope) => ({ condition: { scopes: [scope, 'no such scope'] }, matches: (row: JobFields) => row.scope === scope })),
  ];
  const named = rows.find(({ name }) => name !== null && name.length > 3);
  if (named?.name) {
    const text = named.name.slice(1, 4).toUpperCase();
    const wanted = text.toLowerCase();
    conditions.push({
      condition: { text },
      matches: (row) => (row.name ?? '').toLowerCase().includes(wanted) || row.vendorId.toLowerCase().includes(wanted),
    });
  }
  if (middle) {
    conditions.push({ condition: { createdFrom: middle }, matches: ({ createdAt }) => createdAt !== null && createdAt >= middle });
    conditions.push({ condition: { createdTo: middle }, matches: ({ createdAt }) => createdAt !== null && createdAt <= middle });
  }
  return conditions;
}

/** Conditions on the end, which exact lists may ignore. */
function endConditionsFrom(rows: readonly JobFields[]): Condition[] {
  const ends = rows.flatMap(({ finishedAt }) => finishedAt ?? []).sort((a, b) => a.getTime() - b.getTime());
  const middle = ends[Math.floor(ends.length / 2)];
  if (!middle) return [];
  return [
    { condition: { finishedFrom: middle }, matches: ({ finishedAt }) => finishedAt !== null && finishedAt >= middle },
    { condition: { finishedTo: middle }, matches: ({ finishedAt }) => finishedAt !== null && finishedAt <= middle },
  ];
}

function timeOf(row: JobFields, field: OrderField): number | undefined {
  const instant = field === 'CREATED_AT' ? row.createdAt : field === 'STARTED_AT' ? row.startedAt : row.finishedAt;
  return instant?.getTime();
}

interface Stray {
  row: JobFields;
  before: JobFields;
}

/** The first row that comes later than its rank allows, with the row before it that has the highest rank. */
function findStray(rows: readonly JobFields[], rankOf: (row: JobFields) => number, precisionMs: number): Stray | null {
  let before: JobFields | undefined;
  for (const row of rows) {
    if (before && rankOf(row) < rankOf(before) - precisionMs) return { row, before };
    if (!before || rankOf(row) > rankOf(before)) before = row;
  }
  return null;
}

function describeDisorder({ name }: ListSource, { field, direction }: JobOrder, { row, before }: Stray): string {
  const times = [before, row].map((each) => `${each.vendorId} (${new Date(timeOf(each, field) ?? 0).toISOString()})`);
  return `${name}: not in the order of ${field} ${direction}: ${times.join(' comes before ')}. If the vendor can't sort by it, declare { by: 'FIXED' }; if it compares less exact times, raise precisionMs.`;
}

function sameSet(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && Array.from(a.keys()).every((id) => b.has(id));
}

function printSets(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
