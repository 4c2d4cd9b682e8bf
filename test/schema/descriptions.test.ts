import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { createSchema } from '../../src/graphql/schema.ts';
import { vendors } from '../../src/vendors/index.ts';
import { buildFromSdl, contract, typesOf } from './schema.ts';

test('every type, field, argument, input field, and enum value has a description', () => {
  expect(typesOf(contract).flatMap(undescribed)).toEqual([]);
});

test('descriptions are counted, so that the test above can fail', () => {
  const bare = buildFromSdl(`
    type Query { field(argument: In, with: En): Int }
    input In { inputField: Int }
    enum En { VALUE }
    interface Face { field: Int }
  `);
  expect(typesOf(bare).flatMap(undescribed).sort()).toEqual(
    [
      'En',
      'En.VALUE',
      'Face',
      'Face.field',
      'In',
      'In.inputField',
      'Query',
      'Query.field',
      'Query.field(argument)',
      'Query.field(with)',
    ].sort(),
  );
});

test('no description names a vendor, so that a new one changes none', () => {
  const names = ['BullMQ', ...vendors.flatMap(({ name, title }) => [name, ...title.split(' ')])].filter((name) => name !== 'Apache');
  const vendor = new RegExp(`\\b(?:${names.join('|')})\\b`, 'i');
  expect(
    printSchema(contract)
      .split('\n')
      .filter((line) => vendor.test(line)),
  ).toEqual([]);
  expect('Null for Airflow.').toMatch(vendor);
});

test('the running schema, which the playground shows, keeps the descriptions', () => {
  const running = createSchema({ sdl: 'core' });
  const kept = typesOf(contract).map(({ name }) => running.getType(name));
  expect(kept).not.toContain(undefined);
  expect(kept.flatMap((type) => (type ? undescribed(type) : []))).toEqual([
    'Query._entities',
    'Query._entities(representations)',
    'Query._service',
  ]);
});

/** The places of a type that have no description. */
function undescribed(type: GraphQLNamedType): string[] {
  const places: { place: string; description?: string | null | undefined }[] = [{ place: type.name, description: type.description }];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      places.push({ place, description: field.description });
      places.push(...field.args.map(({ name, description }) => ({ place: `${place}(${name})`, description })));
    }
  } else if (isInputObjectType(type)) {
    places.push(...Object.values(type.getFields()).map(({ name, description }) => ({ place: `${type.name}.${name}`, description })));
  } else if (isEnumType(type)) {
    places.push(...type.getValues().map(({ name, description }) => ({ place: `${type.name}.${name}`, description })));
  }
  return places.filter(({ description }) => !description?.trim()).map(({ place }) => place);
}
