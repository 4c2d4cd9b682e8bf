import { parse, valueFromASTUntyped, visit } from 'graphql';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { incidentsSdl } from '../../examples/federation/incidents.ts';
import { query } from '../../examples/federation/query.ts';
import { gatewayProfiles, printSdl } from '../../src/graphql/type-definitions.ts';
import { startWithSandboxes } from '../start.ts';
import { composeOrThrow, composers } from './composers.ts';
import { documentsSdl } from './documents.ts';

const incidents = { name: 'incidents', sdl: incidentsSdl };
const documents = { name: 'documents', sdl: documentsSdl };
/** The SDL of a running Jobyard. */
let served: string;

beforeAll(async () => {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  const { _service: service } = await query<{ _service: { sdl: string } }>(`${jobyard.origin}/graphql`, '{ _service { sdl } }');
  served = service.sdl;
  await jobyard.close();
});

test.each(gatewayProfiles)('a Jobyard with the profile %s serves it', async (sdlProfile) => {
  const jobyard = await startWithSandboxes({ jobs: 0, server: { sdlProfile } });
  onTestFinished(() => jobyard.close());
  const { data } = await jobyard.query('{ _service { sdl } }');
  expect(data._service.sdl).toBe(printSdl(sdlProfile));
});

describe.each(composers)('$library', ({ compose }) => {
  describe.each(gatewayProfiles)('composes the %s profile, without a remark,', (profile) => {
    const jobyard = { name: 'jobyard', sdl: printSdl(profile) };

    test.each([
      { beside: 'alone', others: () => [] },
      { beside: 'with incidents that point at jobs by both keys', others: () => [incidents] },
      { beside: 'with a Relay-style subgraph that has a PageInfo of its own', others: () => [documents] },
      { beside: 'with both', others: () => [incidents, documents] },
    ])('$beside', ({ others }) => {
      const { supergraphSdl, errors, hints } = compose([jobyard, ...others()]);
      expect(errors).toEqual([]);
      expect(hints).toEqual([]);
      expect(supergraphSdl).toContain('type Job');
    });
  });

  test('carries every access and cost rule of the full profile into the supergraph, unchanged', () => {
    const supergraphSdl = composeOrThrow(compose, [{ name: 'jobyard', sdl: printSdl('full') }]);
    const rules = readRules(printSdl('full'));
    expect(rules.filter((rule) => rule.includes('@requiresScopes')).length).toBeGreaterThan(10);
    expect(rules.filter((rule) => rule.includes('@cost')).length).toBeGreaterThan(5);
    expect(rules.filter((rule) => rule.includes('@listSize')).length).toBeGreaterThan(5);
    expect(readRules(supergraphSdl)).toEqual(rules);
  });

  test('finds in the core profile neither access nor cost rules, but the tags that contracts go by', () => {
    const supergraphSdl = composeOrThrow(compose, [{ name: 'jobyard', sdl: printSdl('core') }]);
    expect(readRules(supergraphSdl)).toEqual(['Job.raw @tag(name: "internal")']);
    expect(supergraphSdl).not.toMatch(/SECURITY\)|requiresScopes|specs\.apollo\.dev\/cost/);
  });

  test('composes the SDL of a running Jobyard beside other subgraphs', () => {
    expect(compose([{ name: 'jobyard', sdl: served }, incidents, documents])).toMatchObject({ errors: [], hints: [] });
  });

  test('rejects the SDL for direct clients beside a subgraph with a `node` of its own: the profiles for gateways are needed', () => {
    const { errors } = compose([{ name: 'jobyard', sdl: printSdl('direct') }, documents]);
    expect(errors.join('\n')).toMatch(/INVALID_FIELD_SHARING.*Query\.node/);
  });

  test('rejects a PageInfo that is not @shareable: the rule is needed', () => {
    const { errors } = compose([{ name: 'jobyard', sdl: printSdl('core').replace('PageInfo @shareable', 'PageInfo') }, documents]);
    expect(errors.join('\n')).toMatch(/INVALID_FIELD_SHARING.*PageInfo/);
  });

  test('rejects a subgraph that identifies jobs by vendor ID if Jobyard has no such key', () => {
    const { errors } = compose([{ name: 'jobyard', sdl: printSdl('core').replace('@key(fields: "systemId vendorId")', '') }, documents]);
    expect(errors.join('\n')).toMatch(/INVALID_FIELD_SHARING.*Job\.vendorId/);
  });
});

test('@apollo/composition checks the arguments of @listSize and @cost', () => {
  const compose = composers[0]?.compose ?? expect.unreachable();
  const sdl = printSdl('full');
  const errorsOf = (changed: string) => {
    expect(changed).not.toBe(sdl);
    return compose([{ name: 'jobyard', sdl: changed }]).errors.join('\n');
  };
  expect(errorsOf(sdl.replace('slicingArguments: ["first"]', 'slicingArguments: ["after"]'))).toContain(
    'LIST_SIZE_INVALID_SLICING_ARGUMENT',
  );
  expect(errorsOf(sdl.replace('sizedFields: ["edges", "nodes"]', 'sizedFields: ["rows"]'))).toContain('LIST_SIZE_INVALID_SIZED_FIELD');
  expect(errorsOf(sdl.replace('@cost(weight: 5)', '@cost(weight: "5")'))).toContain('INVALID_GRAPHQL');
});

/** The rules on fields that routers follow, each with its place and its arguments in order of name. */
function readRules(sdl: string): string[] {
  const rules: string[] = [];
  let type = '';
  let field = '';
  visit(parse(sdl), {
    ObjectTypeDefinition: ({ name }) => {
      type = name.value;
    },
    FieldDefinition: ({ name }) => {
      field = name.value;
    },
    Directive: (node) => {
      if (!['requiresScopes', 'cost', 'listSize', 'tag'].includes(node.name.value)) return;
      const list = (node.arguments ?? [])
        .map((argument) => `${argument.name.value}: ${JSON.stringify(valueFromASTUntyped(argument.value))}`)
        .sort();
      rules.push(`${type}.${field} @${node.name.value}(${list.join(', ')})`);
    },
  });
  return rules.sort();
}
