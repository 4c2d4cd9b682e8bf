import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/** An incident references jobs by their Jobyard ID, and its cause by the system and the vendor's ID, as the vendor's console shows it. */
export interface Incident {
  id: string;
  title: string;
  systemId: string;
  jobIds: string[];
  causedBy: { systemId: string; vendorId: string } | null;
}

/** A reference to a job: the fields of one of its keys. */
type JobReference = { id: string } | { systemId: string; vendorId: string };

// `resolvable: false`: this subgraph only references jobs and systems.
// Items of `jobs` can be null: Jobyard returns null for a job that doesn't exist, or that the caller can't read.
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

/** Starts a small subgraph that has no jobs, and references Jobyard's. */
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
    // The gateway chooses the key, so each reference must return both. An ID is systemId:vendorId, split at the first colon.
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
