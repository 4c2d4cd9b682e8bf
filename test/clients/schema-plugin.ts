import { printSdl } from '../../src/graphql/type-definitions.ts';

/** A codegen plugin: the schema as Relay's compiler reads it. */
export function plugin(): string {
  return printSdl('plain');
}
