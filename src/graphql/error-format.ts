import { ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { AuditUnavailableError } from '../actions/audit.ts';
import { toBoundedText } from '../jobs/storable-text.ts';
import { maxMessage } from '../jobs/vendor-facts.ts';
import { toCommandLine } from '../package.js';
import { StoreUnavailableError } from '../store/store.ts';

/** Formats an error for its caller. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

export interface ErrorFormatOptions {
  /** False: suggestions, which name parts of the schema, are removed. */
  introspection: boolean;
  logger: Logger;
  /** Called with the code of each error in a response. */
  onError(code: unknown): void;
}

/** The maximum number of locations of one error. */
const maxLocations = 10;

export function createErrorFormat({ introspection, logger, onError }: ErrorFormatOptions): FormatError {
  return (formatted, error) => {
    const shown = hideBugs(formatted, error, logger);
    onError(shown.extensions?.code);
    // Apollo Server keeps suggestions for invalid variables.
    const message = introspection ? shown.message : shown.message.replace(suggestion, '');
    // The message may repeat what the caller sent: of any length, or cut within a character.
    const bounded = { ...shown, message: toBoundedText(message, maxMessage) };
    return shown.locations ? { ...bounded, locations: shown.locations.slice(0, maxLocations) } : bounded;
  };
}

/** The message of graphql-js if comparing the fields that merge into one would take too long. */
const abortedValidation = 'Validation aborted.';

const suggestion = / Did you mean (?:the enum value )?"[^?]*\?$/;

/** The message for every request for the schema while introspection is off. */
export const introspectionOff = `Introspection is off (limits.introspection). Get the schema from ${toCommandLine('schema')}, or ask the operator to turn introspection on.`;

/** Replaces messages of libraries that name no setting of Jobyard, or null. */
function replaceMessage({ message, extensions }: GraphQLFormattedError): string | null {
  if (extensions?.validationErrorCode === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED) return introspectionOff;
  if (message === abortedValidation) return 'The document selects too many fields to validate. Select fewer fields, or split the document.';
  return null;
}

/** The message to the caller of a bug, on every transport. */
export const internalError = 'Internal error. It has been logged.';

/** Logs a bug in full; its caller gets no detail. */
function hideBugs(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  const replaced = replaceMessage(formatted);
  if (replaced !== null) return { ...formatted, message: replaced };
  if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (original instanceof StoreUnavailableError) {
    logger.warn({ err: original, path: formatted.path }, 'store unavailable');
    return { ...formatted, message: original.message, extensions: { code: 'STORE_UNAVAILABLE', retryable: true } };
  }
  if (original instanceof AuditUnavailableError) {
    return { ...formatted, message: original.message, extensions: { code: 'AUDIT_UNAVAILABLE' } };
  }
  logger.error({ err: original, path: formatted.path }, 'bug');
  return { ...formatted, message: internalError };
}
