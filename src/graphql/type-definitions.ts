import { readdirSync, readFileSync } from 'node:fs';
import { type ASTNode, Kind, parse, print, visit } from 'graphql';
import { schemaFolder } from '../package.js';

/** The public schema as text: all files of schema/. */
export function readTypeDefinitions(): string {
  return readdirSync(schemaFolder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, schemaFolder), 'utf8'))
    .join('\n');
}

/**
 * full: everything. core: without the directives that only routers with access and cost rules support; @apollo/gateway rejects
 * @requiresScopes.
 */
export type Profile = 'full' | 'core';

const routerOnly = new Set(['requiresScopes', 'cost', 'listSize']);

/** Prints the schema for registries. */
export function printSdl(profile: Profile): string {
  const document = parse(readTypeDefinitions());
  return `${print(profile === 'full' ? document : withoutRouterDirectives(document))}\n`;
}

function withoutRouterDirectives<Node extends ASTNode>(document: Node): Node {
  return visit(document, {
    Directive: (node) => (routerOnly.has(node.name.value) ? null : undefined),
    // The names that @link imports.
    ListValue: (node) => ({
      ...node,
      values: node.values.filter((value) => value.kind !== Kind.STRING || !routerOnly.has(value.value.replace('@', ''))),
    }),
  });
}
