import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getDirectiveValues,
  isObjectType,
} from 'graphql';
import { type Scope, scopes } from '../access/caller.ts';
import type { Context } from '../resolvers/context.ts';

/**
 * Makes Jobyard itself enforce the schema's @requiresScopes, with federation's meaning: one of the inner lists must be granted whole.
 * A scope that is granted for some systems only passes here; which systems is checked where they are known.
 */
export function enforceScopes(schema: GraphQLSchema): GraphQLSchema {
  const directive = schema.getDirective('requiresScopes') ?? schema.getDirective('federation__requiresScopes');
  if (!directive) throw new Error('The schema does not import @requiresScopes');
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const required = field.astNode && getDirectiveValues(directive, field.astNode)?.scopes;
      if (!required) continue;
      field.resolve = guard(field.resolve ?? defaultFieldResolver, toScopes(required, `${type.name}.${field.name}`), field.name);
    }
  }
  return schema;
}

function guard(
  resolve: GraphQLFieldResolver<unknown, Context>,
  required: Scope[][],
  field: string,
): GraphQLFieldResolver<unknown, Context> {
  return (parent, args, context, info) => {
    if (required.some((all) => all.every((scope) => context.caller.may(scope)))) return resolve(parent, args, context, info);
    const wanted = required.map((all) => all.join(' and ')).join(', or ');
    throw new GraphQLError(`${field} needs the scope ${wanted}; ${context.caller.name} does not have it.`, {
      extensions: { code: 'FORBIDDEN' },
    });
  };
}

function toScopes(value: unknown, place: string): Scope[][] {
  return (value as string[][]).map((all) =>
    all.map((name) => {
      const scope = scopes.find((known) => known === name);
      if (!scope) throw new Error(`${place} requires the scope "${name}", which does not exist`);
      return scope;
    }),
  );
}
