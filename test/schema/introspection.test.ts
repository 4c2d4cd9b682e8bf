import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from '@graphql-codegen/cli';
import {
  buildClientSchema,
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  type NameNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followOverEventStream } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { buildFromSdl } from './schema.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterAll(() => jobyard.close());

const root = new URL('../../', import.meta.url).pathname;
const query = getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true });

/** The additions of federation to every subgraph: the fields for gateways, and the arguments of its directives. */
const isOfFederation = ({ value }: NameNode): boolean =>
  /^(?:_Any|_Entity|_Service|_entities|_service|(?:federation|link)__\w+)$/.test(value);

/** Sorted, without federation's additions, and without directives: introspection doesn't show where they are applied. */
function describeSchema(schema: GraphQLSchema): string {
  const leaveOut = (node: { name: NameNode }) => (isOfFederation(node.name) ? null : undefined);
  const document = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    DirectiveDefinition: () => null,
    FieldDefinition: leaveOut,
    ScalarTypeDefinition: leaveOut,
    ObjectTypeDefinition: leaveOut,
    UnionTypeDefinition: leaveOut,
    EnumTypeDefinition: leaveOut,
  });
  return print(document);
}

async function runSchemaScript(...flags: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'schema', ...flags], { cwd: root });
  return stdout;
}

describe('introspection of the running server describes the same schema as', () => {
  let introspected: string;
  beforeAll(async () => {
    const { data, errors } = await jobyard.query(query);
    expect(errors).toBeUndefined();
    introspected = describeSchema(buildClientSchema(data as IntrospectionQuery));
  });

  test('npm run schema', async () => {
    expect(introspected).toBe(describeSchema(buildFromSdl(await runSchemaScript())));
  });

  test('npm run schema for tools that read no federation', async () => {
    const sdl = await runSchemaScript('--', '--profile', 'plain');
    // Rejects unknown directives.
    expect(introspected).toBe(describeSchema(buildSchema(sdl)));
  });

  test('_service, which gateways ask, and npm run schema for them, but for what each server has of its own', async () => {
    const { data } = await jobyard.query('{ _service { sdl } }');
    const ofGateways = describeSchema(buildFromSdl(data._service.sdl));
    expect(ofGateways).toBe(describeSchema(buildFromSdl(await runSchemaScript('--', '--profile', 'core'))));
    expect(findBreakingChanges(buildFromSdl(introspected), buildFromSdl(ofGateways)).map(({ description }) => description)).toEqual([
      'Viewer was removed.',
      'ViewerScope was removed.',
      'Query.node was removed.',
      'Query.nodes was removed.',
      'Query.viewer was removed.',
    ]);
  });

  test('introspection over GET and an event stream', async () => {
    const byGet = await fetch(`${jobyard.origin}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(describeSchema(buildClientSchema((await byGet.json()).data))).toBe(introspected);
    const { data } = await followOverEventStream(jobyard.origin, query).answer(1);
    expect(describeSchema(buildClientSchema(data))).toBe(introspected);
  });

  test("__typename and __type return each type's own name", async () => {
    const { data } = await jobyard.query(
      '{ __type(name: "DateTime") { name kind specifiedByURL } unknown: __type(name: "DateTimeISO") { name } }',
    );
    expect(data).toEqual({ __type: { name: 'DateTime', kind: 'SCALAR', specifiedByURL: null }, unknown: null });
  });
});

test("compares the names and descriptions of all types except federation's", () => {
  const sdl = 'type Query { jobs: DateTime _service: _Service! } type _Service { sdl: String } "a" scalar DateTime';
  expect(describeSchema(buildFromSdl(sdl))).toBe('"""a"""\nscalar DateTime\n\ntype Query {\n  jobs: DateTime\n}');
});

test('GraphQL Code Generator generates a client from the URL of a running server', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(root, 'node_modules', '.codegen-'));
  try {
    const files = await generate(
      {
        schema: `${jobyard.origin}/graphql`,
        documents: join(root, 'test/clients/codegen/operations.ts'),
        silent: true,
        generates: {
          [`${folder}/`]: {
            preset: 'client',
            presetConfig: { fragmentMasking: false },
            config: { useTypeImports: true, enumsAsTypes: true, scalars: { DateTime: 'string', JSON: 'unknown' } },
          },
        },
      },
      true,
    );
    expect(files).not.toEqual([]);
    const made = await readFile(join(folder, 'graphql.ts'), 'utf8');
    // The operations' types are the same as those made from the files of schema/.
    const operationsOf = (text: string) =>
      text.split('\n\n').filter((part) => /^\s*export type \w+(?:Query|Mutation|Subscription) /.test(part));
    const expected = operationsOf(await readFile(join(root, 'test/clients/codegen/generated/graphql.ts'), 'utf8'));
    expect(expected.join()).toContain('createdAt: string | null');
    expect(operationsOf(made)).toEqual(expected);
  } finally {
    await rm(folder, { recursive: true });
  }
});
