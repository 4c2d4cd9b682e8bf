import { buildSchema, Kind, parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { liftStrings, parseLifted } from '../../src/graphql/lifted-strings.ts';
import { createPreparedOperations } from '../../src/graphql/prepared-operations.ts';

const schema = buildSchema(`
  scalar Time
  input Filter { text: String ids: [ID!] after: Time }
  type Query { job(id: ID!): String jobs(filter: Filter, names: [String!], first: Int): String }
`);

function lift(query: string) {
  const lifted = liftStrings(query);
  const document = lifted && parseLifted(schema, lifted.text);
  return lifted && document && { text: print(document).replaceAll(/\s+/g, ' '), variables: Object.values(lifted.variables) };
}

test('replaces each string by a variable', () => {
  expect(lift('query Two($first: Int) { a: job(id: "x y") b: jobs(first: $first, filter: { text: "" ids: ["1""2"] }) }')).toEqual({
    text: 'query Two($first: Int, $liftedString0: ID!, $liftedString1: String!, $liftedString2: ID!, $liftedString3: ID!) { a: job(id: $liftedString0) b: jobs( first: $first filter: {text: $liftedString1, ids: [$liftedString2, $liftedString3]} ) }',
    variables: ['x y', '', '1', '2'],
  });
  expect(lift('{ ...Jobs } fragment Jobs on Query { a: job(id:"1")b: job(id:"2") }')?.variables).toEqual(['1', '2']);
});

test.each([
  ['has no string', '{ job(id: 1) }'],
  ['has a comment', '{ job(id: "1") } # "'],
  ['has a block string', '{ job(id: """1""") }'],
  ['has an escape', '{ job(id: "\\u0031") }'],
  ['has a line break in a string', '{ job(id: "1\n") }'],
  ['has a control character in a string', '{ job(id: "\u0007") }'],
  ['has half of a character in a string', '{ job(id: "\ud800") }'],
  ['has an open string', '{ job(id: "1) }'],
  ['has such a variable', 'query ($liftedString0: ID!) { job(id: $liftedString0) a: job(id: "1") }'],
  ['has a string as a default', 'query ($id: ID! = "1") { job(id: $id) }'],
  ['has a string where another type is expected', '{ jobs(first: "1") }'],
  ['has a string of a scalar of its own', '{ jobs(filter: { after: "2026-01-01" }) }'],
  ['has a string instead of a list', '{ jobs(names: "a") }'],
  ['has strings that must be equal', '{ job(id: "1") job(id: "1") }'],
  ['has two operations', 'query A { job(id: "1") } query B { job(id: "1") }'],
  ['has too many strings', `{ jobs(names: [${'"a" '.repeat(301)}]) }`],
  ['has no operation', 'fragment A on Query { job(id: "1") }'],
  ['is invalid', '{ job(id: "1") none }'],
  ['is no document', '{ job(id: "1" }'],
])('leaves a document alone that %s', (_what, query) => {
  expect(lift(query)).toBeNull();
});

test('a lifted document with its strings is the original', () => {
  const query = '{ a: job(id: "x") b: jobs(names: ["a" "b"]) }';
  const { text, variables } = liftStrings(query) ?? { text: '', variables: {} };
  const back = text.replaceAll(/\$(liftedString\d+) /g, (_text, name) => JSON.stringify(variables[name]));
  expect(print(parse(back))).toBe(print(parse(query)));
});

test('a query is prepared from its third document on', () => {
  const prepared = createPreparedOperations({ schema, maxCost: 1_000, compile: () => null });
  const prepare = (query: string) => prepared.prepare(query, null, {});
  for (const id of ['1', '2']) {
    expect(prepare(`{ job(id: "${id}") }`)).toBeNull();
    prepared.add(`{ job(id: "${id}") }`, null, null);
  }
  expect(prepare('{ job(id: "3") }')).not.toBeNull();
  expect(prepare('{ job(id: "\\u0033") }')).toBeNull();
  expect(prepare('{ jobs(names: ["3"]) }')).toBeNull();
  // Apollo Server knows no operation of this name.
  expect(prepared.prepare('{ job(id: "3") }', '', {})).toBeNull();
});

test('a query whose strings never change is prepared as it is', () => {
  const prepared = createPreparedOperations({ schema, maxCost: 1_000, compile: () => null });
  const query = '{ job(id: "1") }';
  for (let count = 0; count < 4; count += 1) prepared.add(query, null, null);
  expect(prepared.prepare(query, null, {})).toBeNull();
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation');
  prepared.add(query, null, { document: parse(query), operation, execute: async () => ({ data: {} }) });
  expect(prepared.prepare(query, null, {})).not.toBeNull();
});
