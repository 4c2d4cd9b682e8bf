import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/** A document about a job. */
export interface Document {
  id: string;
  title: string;
  systemId: string;
  vendorId: string;
}

/** A subgraph as Relay likes it, with a PageInfo of its own; it identifies jobs by vendor ID only, and adds a field to them. */
export const documentsSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])

  type Query {
    node(id: ID!): Node
    documents(first: Int = 10, after: String): DocumentConnection!
  }

  interface Node {
    id: ID!
  }

  type Document implements Node @key(fields: "id") {
    id: ID!
    title: String!
    job: Job
  }

  type DocumentConnection {
    edges: [DocumentEdge!]!
    pageInfo: PageInfo!
  }

  type DocumentEdge {
    cursor: String!
    node: Document!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type Job @key(fields: "systemId vendorId") {
    systemId: ID!
    vendorId: ID!
    documents(first: Int = 10, after: String): DocumentConnection!
  }
`;

interface Slice {
  first: number;
  after?: string | null;
}

export async function startDocuments(documents: readonly Document[]) {
  type Job = Pick<Document, 'systemId' | 'vendorId'>;
  const resolvers = {
    Query: {
      node: (_parent: unknown, { id }: { id: string }) => documents.find((document) => document.id === id) ?? null,
      documents: (_parent: unknown, slice: Slice) => toConnection(documents, slice),
    },
    Node: { __resolveType: () => 'Document' },
    Document: {
      __resolveReference: ({ id }: { id: string }) => documents.find((document) => document.id === id) ?? null,
      job: ({ systemId, vendorId }: Document) => ({ systemId, vendorId }),
    },
    Job: {
      __resolveReference: (job: Job) => job,
      documents: (job: Job, slice: Slice) =>
        toConnection(
          documents.filter(({ systemId, vendorId }) => systemId === job.systemId && vendorId === job.vendorId),
          slice,
        ),
    },
  };
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(documentsSdl), resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  return { url, close: () => server.stop() };
}

function toConnection(all: readonly Document[], { first, after }: Slice) {
  const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
  const edges = all.slice(start, start + first).map((node) => ({ cursor: node.id, node }));
  const pageInfo = {
    hasNextPage: start + first < all.length,
    hasPreviousPage: start > 0,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}
