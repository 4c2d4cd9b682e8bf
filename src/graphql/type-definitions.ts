import { readdirSync, readFileSync } from 'node:fs';
import { type ASTNode, Kind, parse, print, specifiedDirectives, visit } from 'graphql';
import { schemaFolder } from '../package.js';

/** The public schema as text: all files of schema/. */
export function readTypeDefinitions(): string {
  return readdirSync(schemaFolder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, schemaFolder), 'utf8'))
    .join('\n');
}

/** The SDL that a running Jobyard gives to gateways. */
export const gatewayProfiles = ['core', 'full'] as const;
export type GatewayProfile = (typeof gatewayProfiles)[number];

/**
 * direct: for clients that call Jobyard itself. plain: as direct, with no directives but GraphQL's own; Relay's compiler rejects others. full: for gateways, without what belongs to one server. core: as full, without the directives
 * that only some gateways support; @apollo/gateway rejects @requiresScopes.
 */
export const profiles = ['direct', 'plain', ...gatewayProfiles] as const;
export type Profile = (typeof profiles)[number];

/** Fields and types that a supergraph has once, for all subgraphs: another subgraph may have them, too. */
const directOnly: ReadonlySet<string> = new Set(['Query.node', 'Query.nodes', 'Query.viewer', 'Viewer', 'ViewerScope']);
const routerOnly: ReadonlySet<string> = new Set(['requiresScopes', 'cost', 'listSize']);

/** Prints the schema for clients and registries. */
export function printSdl(profile: Profile): string {
  return toProfile(readTypeDefinitions(), profile);
}

/** Reduces the SDL of the profile `direct` to another one. */
export function toProfile(sdl: string, profile: Profile): string {
  const document = parse(sdl);
  if (profile === 'direct') return `${print(document)}\n`;
  if (profile === 'plain') return `${print(withoutForeignDirectives(document))}\n`;
  const composable = withoutDirectFields(document);
  return `${print(profile === 'full' ? composable : withoutRouterDirectives(composable))}\n`;
}

function withoutForeignDirectives<Node extends ASTNode>(document: Node): Node {
  const own = new Set(specifiedDirectives.map(({ name }) => name));
  return visit(document, {
    Directive: (node) => (own.has(node.name.value) ? undefined : null),
    // It has only the @link of federation.
    SchemaExtension: () => null,
  });
}

function withoutDirectFields<Node extends ASTNode>(document: Node): Node {
  return visit(document, {
    ObjectTypeDefinition(type) {
      if (directOnly.has(type.name.value)) return null;
      return { ...type, fields: type.fields?.filter((field) => !directOnly.has(`${type.name.value}.${field.name.value}`)) };
    },
  });
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
