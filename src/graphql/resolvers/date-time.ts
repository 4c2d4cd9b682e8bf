import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

/** As strict as the library's about what comes in. What goes out is always a Date of ours, which needs no check. */
export const dateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  serialize: (value) => (value as Date).toISOString(),
});
