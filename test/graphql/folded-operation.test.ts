import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLFieldResolver,
  type GraphQLScalarType,
  getOperationAST,
  getVariableValues,
  parse,
  print,
  validate,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { describe, expect, test } from 'vitest';
import { foldOperation } from '../../src/graphql/folded-operation.ts';
import type { Execute, ExecutionResult } from '../../src/graphql/operation.ts';
import type { Context } from '../../src/graphql/resolvers/context.ts';

const schema = buildSchema(`
  type Query { job(id: ID!, first: Int = 3): Job!, node(id: ID): Job, jobs(filter: Filter, order: [Order] = DOWN, at: Day): [Job!] }
  input Filter { name: String = "any" }
  enum Order { UP DOWN }
  scalar Day
  type Job { id: ID!, name: String, log(first: Int): String, next: Job! }
`);
// As Jobyard's DateTime: the coerced value isn't the one that was sent.
const day = schema.getType('Day') as GraphQLScalarType;
day.parseValue = (value) => new Date(value instanceof Date ? value : String(value));
const resolvers: Record<string, GraphQLFieldResolver<unknown, unknown>> = {
  async job(_parent, { id, first }) {
    if (id === 'late') throw new Error('late');
    return { id: id === 'null' ? null : id, name: `${first}` };
  },
  node(_parent, { id }) {
    if (id === 'error') throw new Error('refused');
    return id === undefined ? null : { id: `node ${id}`, name: new Error('no name') };
  },
  jobs: (_parent, { filter, order, at }) => [{ id: 'one', name: JSON.stringify([filter, order, at instanceof Date, at]) }, { id: 'two' }],
};
for (const [name, resolve] of Object.entries(resolvers)) Object.assign(schema.getQueryType()?.getFields()[name] ?? {}, { resolve });

/** The folded query and the documents of its shapes. Null: it is not folded. */
function fold(query: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('No operation');
  const compiled: DocumentNode[] = [];
  const executeFields = foldOperation(schema, document, operation, (shapes) => {
    compiled.push(...shapes);
    return shapes.map(compile);
  });
  return executeFields && { execute: executeFields, shapes: compiled };
}

function compile(shape: DocumentNode): Execute {
  const compiled = compileQuery(schema, shape);
  if (!isCompiledQuery(compiled)) throw new Error('Not compiled');
  return async (context, coerced) => compiled.query(undefined, context, coerced);
}

/** Executes the query by its shapes. Null: it is not folded. */
async function executeFolded(query: string, variables: Record<string, unknown>): Promise<ExecutionResult | null> {
  const { coerced = {} } = getVariableValues(schema, getOperationAST(parse(query))?.variableDefinitions ?? [], variables);
  // The resolvers above need no context.
  return (await fold(query)?.execute({} as Context, coerced, variables)) ?? null;
}

const toPlain = (result: unknown) => JSON.parse(JSON.stringify(result));

test('fields that differ in their aliases and variables have one shape', () => {
  const shapes = fold(`query ($a: ID!, $b: ID!, $n: Int) {
    job(id: $a) { ...F } a1: job(id: $b) { ...F } other: job(id: $a, first: $n) { id } two: job(id: "2") { ...F } __typename
  } fragment F on Job { id name }`)?.shapes;
  expect(shapes?.map((shape) => print(shape).split('fragment')[0]?.replaceAll(/\s+/g, ' ').trim())).toEqual([
    'query ($id: ID!) { field: job(id: $id) { ...F } }',
    'query ($id: ID!, $first: Int) { field: job(id: $id, first: $first) { id } }',
    '{ field: job(id: "2") { ...F } }',
    '{ field: __typename }',
  ]);
});

describe('a query is not folded', () => {
  test.each([
    ['if a selection has a variable', 'query ($n: Int) { job(id: 1) { log(first: $n) } }'],
    ['if a fragment has a variable', 'query ($n: Int) { job(id: 1) { ...F } } fragment F on Job { log(first: $n) }'],
    ['if a value has a variable inside', 'query ($name: String) { jobs(filter: { name: $name }) { id } }'],
    ['if a root field has a directive', 'query ($is: Boolean!) { job(id: 1) @skip(if: $is) { id } }'],
    ['if a response name repeats', '{ job(id: 1) { id } job(id: 1) { name } }'],
    ['if a root field is in a fragment', '{ ...F } fragment F on Query { job(id: 1) { id } }'],
    ['if a variable may be null where its argument must not', 'query ($id: ID = 1) { job(id: $id) { id } }'],
    ['with more than 10 shapes', `{ ${Array.from({ length: 11 }, (_, index) => `a${index}: job(id: ${index}) { id }`)} }`],
  ])('%s', (_when, query) => expect(fold(query)).toBeNull());
});

test('errors have the paths and locations of their fields', async () => {
  const query = `query ($a: ID!, $b: ID!) {
    job(id: $b) { id } n1: node(id: $a) { ...F }
    n2: node(id: $b) { ...F } node(id: $b) { id  last: name }
    n3: node(id: $b) {
      ...F
    }
  } fragment F on Job { id name }`;
  const variables = { a: 'error', b: '1' };
  const expected = await execute({ schema, document: parse(query), variableValues: variables });
  expect(expected.errors?.map(({ path, locations }) => [path?.join('.'), locations?.[0]?.line])).toEqual([
    ['n1', 2],
    ['n2.name', 7],
    ['node.last', 3],
    ['n3.name', 7],
  ]);
  expect(toPlain(await executeFolded(query, variables))).toEqual(toPlain(expected));
});

test('the errors of the fields after one that cannot be null and failed are left out', async () => {
  const query = 'query ($a: ID!, $b: ID!) { n: node(id: $b) { id } a: job(id: $a) { id } b: job(id: $a) { id } m: node(id: $b) { id } }';
  const result = await executeFolded(query, { a: 'late', b: 'error' });
  expect(toPlain(result)).toMatchObject({ data: null, errors: [{ path: ['n'] }, { path: ['a'], message: 'late' }] });
});

test('the result is that of graphql-js', async () => {
  const id = fc.constantFrom('$a', '$b', '"1"', '"late"', '"null"', '"error"');
  const selection = fc.constantFrom('{ id }', '{ ...F }', '{ name id ...F }', '{ id next { id } }', '{ __typename id @include(if: true) }');
  const field = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(id, selection).map(([value, selected]) => `job(id: ${value}) ${selected}`) },
    { weight: 3, arbitrary: fc.tuple(id, selection).map(([value, selected]) => `node(id: ${value}) ${selected}`) },
    { weight: 1, arbitrary: selection.map((selected) => `job(id: $b, first: $n) ${selected}`) },
    { weight: 1, arbitrary: selection.map((selected) => `node(id: $o) ${selected}`) },
    fc.constantFrom('jobs { id name }', 'jobs(filter: $f, order: $order) { id }', 'jobs(order: [DOWN], at: $at) { name }', '__typename'),
  );
  const values = fc.record(
    {
      a: fc.constantFrom('1', '2', 'late', 'null', 'error'),
      b: fc.constantFrom('1', '3'),
      n: fc.constantFrom(null, 7),
      o: fc.constantFrom(null, '4'),
      f: fc.constantFrom(null, { name: 'x' }, {}),
      order: fc.constantFrom('UP', ['UP', 'DOWN'], null),
      at: fc.constantFrom('2026-01-02', null),
    },
    { requiredKeys: ['a', 'b'] },
  );
  const all = `keep: job(id: $a, first: $n) { ...F } kept: node(id: $o) { id } with: job(id: $b) { id }
    by: jobs(filter: $f, order: $order, at: $at) { id name }`;
  const seen = { whole: 0, partial: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(field, { minLength: 1, maxLength: 6 }), values, async (fields, variables) => {
      const aliased = fields.map((each, index) => `a${index}: ${each}`).join(' ');
      const query = `query ($a: ID!, $b: ID!, $n: Int = 5, $o: ID, $f: Filter, $order: [Order] = UP, $at: Day) { ${aliased} ${all} }
        fragment F on Job { name }`;
      const result = toPlain(await executeFolded(query, variables));
      const expected = toPlain(await execute({ schema, document: parse(query), variableValues: variables }));
      expect(JSON.stringify(result.data)).toBe(JSON.stringify(expected.data));
      if (expected.data === null) {
        // Which of several fields fails first depends on the time.
        expect(result.errors).not.toEqual([]);
        seen.failed += 1;
      } else {
        expect(sorted(result.errors)).toEqual(sorted(expected.errors));
        seen[expected.errors ? 'partial' : 'whole'] += 1;
      }
    }),
    { numRuns: 200 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
});

/** In an order that doesn't depend on the time. */
function sorted(errors: object[] = []): string[] {
  return errors.map((error) => JSON.stringify(error)).sort();
}
