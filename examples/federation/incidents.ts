import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/** An incident names jobs by Jobyard's id, and its cause as the vendor's own console shows it: by system and the vendor's id. */
export interface Incident {
  id: string;
  title: string;
  systemId: string;
  jobIds: string[];
  causedBy: { systemId: string; vendorId: string } | null;
}

/** A reference to a job: the fields of one of its keys. */
type JobReference = { id: string } | { systemId: string; vendorId: string };

// `resolvable: false`: this subgraph only points at jobs and systems.
// Items of `jobs` may be null: Jobyard answers null for a job that is gone, or that the caller may not read.
export const incidentsSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    incidents: [Incident!]!
    incident(id: ID!): Incident
  }

  type Incident @key(fields: "id") {
    id: ID!
    title: String!
    system: JobSystem
    jobs: [Job]!
    causedBy: Job
  }

  type Job @key(fields: "id", resolvable: false) @key(fields: "systemId vendorId", resolvable: false) {
    id: ID!
    systemId: ID!
    vendorId: ID!
  }

  type JobSystem @key(fields: "id", resolvable: false) {
    id: ID!
  }
`;

/** A small subgraph that has no jobs of its own and points at Jobyard's. */
export async function startIncidents(incidents: readonly Incident[]) {
  const find = (id: string) => incidents.find((incident) => incident.id === id) ?? null;
  const resolvers = {
    Query: {
      incidents: () => incidents,
      incident: (_parent: unknown, { id }: { id: string }) => find(id),
    },
    Incident: {
      __resolveReference: ({ id }: { id: string }) => find(id),
      system: ({ systemId }: Incident) => ({ id: systemId }),
      jobs: ({ jobIds }: Incident): JobReference[] => jobIds.map((id) => ({ id })),
    },
    // The gateway chooses the key, so every reference must give both: an id is systemId:vendorId, split at the first colon.
    Job: {
      id: (job: JobReference) => ('id' in job ? job.id : `${job.systemId}:${job.vendorId}`),
      systemId: (job: JobReference) => ('id' in job ? job.id.slice(0, job.id.indexOf(':')) : job.systemId),
      vendorId: (job: JobReference) => ('id' in job ? job.id.slice(job.id.indexOf(':') + 1) : job.vendorId),
    },
  };
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(incidentsSdl), resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  return { url, close: () => server.stop() };
}
