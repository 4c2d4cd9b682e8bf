import {
  assertInterfaceType,
  assertUnionType,
  type GraphQLField,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildFromSdl, contract, typesOf } from './schema.ts';

describe('union and interface members', () => {
  test('with the same field name have the same type and arguments, so that one selection fits all', () => {
    expect(conflicts(contract)).toEqual([]);
  });

  test('are compared', () => {
    const schema = buildFromSdl(`
      type Query { any: Any }
      union Any = A | B
      type A { same: Int! other: Int! asked(x: Int): Int }
      type B { same: Int! other: Int asked: Int }
    `);
    expect(conflicts(schema)).toEqual(['Any.asked: (x: Int): Int in A, : Int in B', 'Any.other: : Int! in A, : Int in B']);
  });

  test('of a result are the success, or a JobError that clients can read without knowing the type', () => {
    const jobError = assertInterfaceType(contract.getType('JobError'));
    const ofOneJob = typesOf(contract)
      .filter(isUnionType)
      .filter((union) => union.getTypes().some((member) => member.getInterfaces().includes(jobError)));
    expect(ofOneJob.map(({ name }) => name).sort()).toEqual(['BulkItemResult', 'CancelResult', 'JobActionResult', 'JobResult']);
    for (const union of ofOneJob) {
      const successes = union.getTypes().filter((member) => !member.getInterfaces().includes(jobError));
      for (const { name } of successes) expect(name).toMatch(/^Job$|Success$/);
      expect(successes.length).toBeGreaterThan(0);
    }
  });

  test('of a bulk action are the bulk operation, or a Problem', () => {
    const problem = assertInterfaceType(contract.getType('Problem'));
    for (const name of ['StartBulkActionResult', 'BulkOperationResult']) {
      const members = assertUnionType(contract.getType(name)).getTypes();
      expect(members.filter((member) => !member.getInterfaces().includes(problem)).map((member) => member.name)).toEqual(['BulkOperation']);
    }
  });

  test('of results have the same failures for every action', () => {
    const failures = (name: string) => {
      const union = contract.getType(name);
      return isUnionType(union)
        ? union
            .getTypes()
            .slice(1)
            .map((member) => member.name)
        : [];
    };
    expect(failures('CancelResult')).toHaveLength(8);
    expect(failures('JobActionResult')).toEqual(failures('CancelResult'));
  });
});

describe('names', () => {
  const camelCase = /^[a-z][a-zA-Z0-9]*$/;
  const places = typesOf(contract).flatMap((type) => {
    if (isObjectType(type) || isInterfaceType(type)) {
      return Object.values(type.getFields()).flatMap((field) => [
        { place: `${type.name}.${field.name}`, name: field.name, type: field.type },
        ...field.args.map((argument) => ({
          place: `${type.name}.${field.name}(${argument.name})`,
          name: argument.name,
          type: argument.type,
        })),
      ]);
    }
    if (!isInputObjectType(type)) return [];
    return Object.values(type.getFields()).map((field) => ({ place: `${type.name}.${field.name}`, name: field.name, type: field.type }));
  });
  const placesOf = (scalar: string) => places.filter(({ type }) => getNamedType(type).name === scalar);

  test('of types are in PascalCase', () => {
    expect(
      typesOf(contract)
        .map(({ name }) => name)
        .filter((name) => !/^(?:[A-Z][a-z0-9]*)+$|^JSON$/.test(name)),
    ).toEqual([]);
  });

  test('of fields, arguments, and input fields are in camelCase', () => {
    expect(places.length).toBeGreaterThan(150);
    expect(places.filter(({ name }) => !camelCase.test(name))).toEqual([]);
  });

  test('of enum values are in SCREAMING_CASE', () => {
    const values = typesOf(contract)
      .filter(isEnumType)
      .flatMap((type) => type.getValues().map(({ name }) => name));
    expect(values.length).toBeGreaterThan(40);
    expect(values.filter((name) => !/^[A-Z]+(?:_[A-Z]+)*$/.test(name))).toEqual([]);
  });

  test('end with Input, Filter, or Order for input types, and for no other types', () => {
    for (const type of typesOf(contract))
      expect([type.name, /(?:Input|Filter|Order)$/.test(type.name)]).toEqual([type.name, isInputObjectType(type)]);
  });

  test('of unions end with Result or, for the events of a subscription, with Event; names of no other types end with Result', () => {
    const named = typesOf(contract).filter(({ name }) => name.endsWith('Result') || isUnionType(contract.getType(name)));
    // The state of one job after waiting: an object that contains a JobResult.
    expect(named.filter((type) => !isUnionType(type)).map(({ name }) => name)).toEqual(['WaitResult']);
    const events = Object.values(contract.getSubscriptionType()?.getFields() ?? {}).map(({ type }) => getNamedType(type).name);
    expect(named.filter(({ name }) => !name.endsWith('Result') && !(name.endsWith('Event') && events.includes(name)))).toEqual([]);
  });

  test('of times end with At or For, or with From and To; the ends of a range are from and to', () => {
    expect(
      placesOf('DateTime')
        .map(({ name }) => name)
        .filter((name) => !/(?:At|For|From|To)$|^(?:from|to)$/.test(name)),
    ).toEqual([]);
  });

  test('of measures contain their unit', () => {
    expect(
      placesOf('Float')
        .map(({ name }) => name)
        .filter((name) => !/(?:Seconds|PerSecond|Ms|fraction)$/.test(name)),
    ).toEqual([]);
  });

  test('of IDs end with id or ids, and IDs have the type ID', () => {
    const isId = ({ name }: { name: string }) => /^ids?$|(?<!By)Ids?$/.test(name);
    expect(placesOf('ID').filter((place) => !isId(place))).toEqual([]);
    expect(places.filter(isId).filter(({ type }) => getNamedType(type).name !== 'ID')).toEqual([]);
  });
});

describe('connections and edges', () => {
  const connections = typesOf(contract)
    .filter(isObjectType)
    .filter(({ name }) => name.endsWith('Connection'));

  test.each(connections)('%s follows Relay', (connection) => {
    const fields = typesOfFields(connection.getFields());
    const edge = contract.getType(connection.name.replace(/Connection$/, 'Edge'));
    if (!isObjectType(edge)) throw new Error(`${connection.name} has no edge type`);
    const edgeFields = typesOfFields(edge.getFields());
    expect(fields).toMatchObject({ edges: `[${edge.name}!]!`, nodes: `[${edgeFields.node}]!`, pageInfo: 'PageInfo!' });
    expect(edgeFields).toMatchObject({ cursor: 'String!', node: expect.stringMatching(/!$/) });
  });

  test('are the type of every field with an argument `after`', () => {
    const paged = typesOf(contract)
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ args }) => args.some(({ name }) => name === 'after'));
    // Null if another source than the rest of the object provides it, and that source may be unavailable; or if there is no log.
    expect(paged.map(({ type }) => String(type))).toEqual(
      paged.map(() => expect.stringMatching(/^\w+Connection!$|^Job(?:Event|Log)Connection$/)),
    );
    for (const { args } of paged)
      expect(Object.fromEntries(args.map(({ name, type }) => [name, String(type)]))).toMatchObject({ first: 'Int', after: 'String' });
    expect(paged.length).toBeGreaterThan(0);
    // A default of `first` would rule out `last`.
    for (const { args, name } of paged.filter((field) => field.name !== 'log')) {
      const ofPage = args.filter((argument) => ['first', 'after', 'last', 'before'].includes(argument.name));
      expect([name, ...ofPage.map(({ name: argument, type, defaultValue = null }) => [argument, String(type), defaultValue])]).toEqual([
        name,
        ...[
          ['first', 'Int'],
          ['after', 'String'],
          ['last', 'Int'],
          ['before', 'String'],
        ].map((argument) => [...argument, null]),
      ]);
    }
  });

  test('PageInfo is Relay’s', () => {
    const pageInfo = contract.getType('PageInfo');
    expect(isObjectType(pageInfo) && typesOfFields(pageInfo.getFields())).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
  });
});

describe('nodes', () => {
  const node = assertInterfaceType(contract.getType('Node'));

  test('have only the ID in common, by which node and nodes find them, as Relay’s specification says', () => {
    expect(typesOfFields(node.getFields())).toEqual({ id: 'ID!' });
    const { node: one, nodes: many } = contract.getQueryType()?.getFields() ?? {};
    expect([one, many].map((field) => field && signatureOf(field))).toEqual(['(id: ID!): Node', '(ids: [ID!]!): [Node]!']);
  });

  test('are all types with an ID of their own, except those that docs/clients.md tells caches about', () => {
    const withId = typesOf(contract)
      .filter(isObjectType)
      .filter((type) => 'id' in type.getFields());
    const others = withId.filter((type) => !type.getInterfaces().includes(node)).map(({ name }) => name);
    expect(others).toEqual(['JobEvent', 'JobStep']);
    expect(withId.length).toBeGreaterThan(others.length);
  });
});

test('every mutation of named jobs takes one input and returns a payload with one result per ID and their summary', () => {
  const mutations = Object.values(contract.getMutationType()?.getFields() ?? {}).filter(({ name }) => name.endsWith('Jobs'));
  expect(mutations.map(({ name }) => name)).toEqual(['cancelJobs', 'pauseJobs', 'resumeJobs', 'restartJobs', 'startJobs']);
  for (const { args, type, name } of mutations) {
    expect(
      args.map((argument) => `${argument.name}: ${argument.type}`),
      name,
    ).toEqual([expect.stringMatching(/^input: \w+Input!$/)]);
    expect(String(type)).toMatch(/^\w+Payload!$/);
    const payload = getNamedType(type);
    expect(isObjectType(payload) && typesOfFields(payload.getFields())).toMatchObject({
      results: expect.stringMatching(/^\[\w+Result!\]!$/),
      summary: 'ActionSummary!',
    });
  }
});

test('no list contains nulls, except that Relay requires it of nodes', () => {
  const containsNulls = (type: GraphQLType): boolean => {
    if (isNonNullType(type)) return containsNulls(type.ofType);
    return isListType(type) && !isNonNullType(type.ofType);
  };
  const fields = typesOf(contract).flatMap((type) =>
    'getFields' in type ? Object.values(type.getFields()).map((field) => ({ place: `${type.name}.${field.name}`, type: field.type })) : [],
  );
  expect(fields.filter(({ type }) => containsNulls(type)).map(({ place }) => place)).toEqual(['Query.nodes']);
});

/** Fields of union or interface members that can't be in one selection. */
function conflicts(schema: GraphQLSchema): string[] {
  return typesOf(schema).flatMap((type) => {
    // Clients select one type of nodes, as these have only the ID in common.
    if ((!isUnionType(type) && !isInterfaceType(type)) || type.name === 'Node') return [];
    const byName = Map.groupBy(
      schema
        .getPossibleTypes(type)
        .flatMap((member) =>
          Object.values(member.getFields()).map((field) => ({ name: field.name, signature: signatureOf(field), member: member.name })),
        ),
      ({ name }) => name,
    );
    return Array.from(byName, ([name, fields]) => ({ name, fields }))
      .filter(({ fields }) => new Set(fields.map(({ signature }) => signature)).size > 1)
      .map(({ name, fields }) => `${type.name}.${name}: ${fields.map(({ signature, member }) => `${signature} in ${member}`).join(', ')}`)
      .sort();
  });
}

function signatureOf({ args, type }: GraphQLField<unknown, unknown>): string {
  const list = args.map((argument) => `${argument.name}: ${argument.type}`).join(', ');
  return `${list && `(${list})`}: ${type}`;
}

function typesOfFields(fields: Record<string, { type: unknown }>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, String(type)]));
}
