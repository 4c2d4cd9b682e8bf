import { getNullableType, isObjectType, parse } from 'graphql';
import { fetchQuery } from 'relay-runtime';
import { describe, expect, test } from 'vitest';
import { contract, typesOf } from '../schema/schema.ts';
import { createApolloClient, typePolicies } from './apollo/client.ts';
import type { Connection } from './connection.ts';
import type { jobStepsQuery } from './generated/relay/jobStepsQuery.graphql.ts';
import { createEnvironment } from './relay/environment.ts';
import { readSteps } from './relay/job-steps.ts';
import { introspection, possibleTypes } from './schema-types.ts';
import { createUrqlClient, resolvers } from './urql/client.ts';

/** The fields that have pages, as Type.field. */
const pagedFields = typesOf(contract)
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter(({ args }) => args.some(({ name }) => name === 'after'))
      .map((field) => `${type.name}.${field.name}`),
  );

describe('the cache of', () => {
  test('Apollo Client joins the pages of each connection', () => {
    const joined = Object.entries(typePolicies).flatMap(([type, { fields = {} }]) =>
      Object.keys(fields).map((field) => `${type}.${field}`),
    );
    expect(joined.toSorted()).toEqual(pagedFields.toSorted());
  });

  test('Apollo Client merges each part of an object with an ID', () => {
    const withId = typesOf(contract)
      .filter(isObjectType)
      .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
    const parts = withId
      .flatMap((type) => Object.values(type.getFields()))
      .map(({ type }) => getNullableType(type))
      .filter(
        (type) => isObjectType(type) && !type.name.endsWith('Connection') && !withId.includes(type) && type.name !== 'BulkOperationError',
      )
      .map(String);
    const merged = Object.entries(typePolicies).flatMap(([type, { merge }]) => (merge === true ? [type] : []));
    expect(merged.toSorted()).toEqual([...new Set(parts)].sort());
  });

  test('urql joins the pages of each connection', () => {
    const joined = Object.entries(resolvers).flatMap(([type, fields]) => Object.keys(fields).map((field) => `${type}.${field}`));
    expect(joined.toSorted()).toEqual(pagedFields.toSorted());
  });

  const document = parse('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Job { steps { __typename id name status } } } }');
  const variables = { ids: ['vault:1', 'vault:2'] };
  const step = (name: string) => ({ __typename: 'JobStep', id: 'task-1', name, status: 'RUNNING' });
  const data = {
    nodes: [
      { __typename: 'Job', id: 'vault:1', steps: [step('of the first job')] },
      { __typename: 'Job', id: 'vault:2', steps: [step('of the second job')] },
    ],
  };
  /** Answers each request with two jobs whose steps have the same ID. */
  const connection: Connection = {
    url: 'http://jobyard.example/graphql',
    fetch: async () => Response.json({ data }, { headers: { 'content-type': 'application/graphql-response+json' } }),
    subscriptions: {
      subscribe: () => {
        throw new Error('Not expected');
      },
      dispose() {},
    },
  };

  test.each<[string, () => Promise<unknown>]>([
    ['Apollo Client', async () => (await createApolloClient(connection, possibleTypes).query({ query: document, variables })).data],
    ['urql', async () => (await createUrqlClient(connection, introspection).query(document, variables)).data],
    ['Relay', async () => await fetchQuery<jobStepsQuery>(createEnvironment(connection), readSteps, variables).toPromise()],
  ])("%s doesn't take steps of two jobs for one", async (_client, query) => {
    const names = ['of the first job', 'of the second job'];
    expect(await query()).toMatchObject({ nodes: names.map((name) => ({ steps: [{ id: 'task-1', name }] })) });
  });
});
