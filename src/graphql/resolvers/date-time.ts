import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

/** Validates input as strictly as the library. Output is always a Date from Jobyard and needs no check. */
export const dateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  serialize: (value) => (value as Date).toISOString(),
});
