import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, Lexer, Source, TokenKind, type ValidationContext, type ValidationRule } from 'graphql';
import type { Limits } from './limits.ts';

/** What a document may look like, whatever its variables. Every violation is an ordinary validation error. */
export function createDocumentRules(limits: Limits): ValidationRule[] {
  // Reported, not thrown: a thrown one would be answered as if the server had failed.
  const options = {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError) => context?.reportError(refuse(error.message.replace('Syntax Error: ', ''))),
    ],
  };
  return [
    maxDepthRule({ n: limits.maxDepth, ...options }),
    maxAliasesRule({ n: limits.maxAliases, ...options }),
    maxDirectivesRule({ n: limits.maxDirectives, ...options }),
  ] as unknown as ValidationRule[];
}

/** Deeper than any document that could pass; shallower than what the parser and the validation, which recurse, can take. */
const deepestNesting = 250;

/** Whether brackets stand in each other deeper than that. Looks at tokens only, so that no text can overflow the stack here. */
export function isNestedTooDeep(query: string, maxTokens: number): boolean {
  const lexer = new Lexer(new Source(query));
  let depth = 0;
  try {
    for (let tokens = 0; tokens <= maxTokens; tokens += 1) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return false;
      if (opening.has(kind)) depth += 1;
      if (closing.has(kind)) depth -= 1;
      if (depth > deepestNesting) return true;
    }
  } catch {
    // The parser says what is wrong with it.
  }
  return false;
}

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** As validation itself refuses. */
export function refuse(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}
