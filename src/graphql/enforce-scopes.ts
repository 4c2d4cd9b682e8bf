import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, getDirectiveValues, isObjectType } from 'graphql';
import { z } from 'zod';
import type { MutationDenial } from '../actions/audit.ts';
import { type Scope, scopes } from '../config/grants.ts';
import { toBoundedText } from '../jobs/storable-text.ts';
import { maxTextLength, toShownJobId } from './resolvers/bad-user-input.ts';
import type { Context } from './resolvers/context.ts';
import { fieldError } from './resolvers/field-error.ts';

/**
 * Enforces the schema's @requiresScopes in Jobyard, with federation's meaning: all scopes of one inner list must be granted. A scope that
 * is granted for some systems only passes here; the systems are checked where they are known.
 */
export function enforceScopes(schema: GraphQLSchema): GraphQLSchema {
  const directive = schema.getDirective('requiresScopes') ?? schema.getDirective('federation__requiresScopes');
  if (!directive) throw new Error('The schema does not import @requiresScopes');
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const required = field.astNode && getDirectiveValues(directive, field.astNode)?.scopes;
      if (!required) continue;
      const wanted = toScopes(required, `${type.name}.${field.name}`);
      field.resolve = guard(field.resolve ?? defaultFieldResolver, wanted, field.name, type === schema.getMutationType());
      // Otherwise, it would start, and reject every event.
      if (field.subscribe) field.subscribe = guard(field.subscribe, wanted, field.name, false);
    }
  }
  return schema;
}

function guard(
  resolve: GraphQLFieldResolver<unknown, Context>,
  required: Scope[][],
  field: string,
  isMutation: boolean,
): GraphQLFieldResolver<unknown, Context> {
  return (parent, args, context, info) => {
    if (required.some((all) => all.every((scope) => context.caller.may(scope)))) return resolve(parent, args, context, info);
    const wanted = required.map((all) => all.join(' and ')).join(', or ');
    const message = `${field} requires the scope ${wanted}, which ${context.caller.name} doesn't have.`;
    if (isMutation) context.jobs.recordDenial({ mutation: field, message, ...readInput(args) });
    throw fieldError(message, { code: 'FORBIDDEN' });
  };
}

/** The maximum number of characters of IDs in an audit log entry about a rejected mutation; further IDs are counted. */
const maxNotedIdCharacters = 100_000;

/**
 * The input of a mutation, as far as it is recorded. The number of IDs and the texts have been checked (graphql/action-limits.ts), but not
 * the IDs.
 */
function readInput({ input }: { input?: { ids?: unknown; reason?: unknown } }): Pick<MutationDenial, 'jobIds' | 'jobCount' | 'reason'> {
  const ids: unknown[] = Array.isArray(input?.ids) ? input.ids : [];
  const jobIds: string[] = [];
  let characters = 0;
  for (const id of ids) {
    const shown = toShownJobId(String(id));
    characters += shown.length;
    if (characters > maxNotedIdCharacters) break;
    jobIds.push(shown);
  }
  const reason = typeof input?.reason === 'string' ? toBoundedText(input.reason, maxTextLength) : null;
  return { jobIds, jobCount: ids.length, reason };
}

/** One of the lists suffices, with all of its scopes. */
const scopesSchema = z.array(z.array(z.enum(scopes)));

function toScopes(value: unknown, place: string): Scope[][] {
  const required = scopesSchema.safeParse(value);
  if (!required.success) throw new Error(`${place} requires scopes that don't exist: ${JSON.stringify(value)}`);
  return required.data;
}
