import type { ApolloClient } from '@apollo/client';
import type { Client } from '@urql/core';
import { execute } from './codegen/client.ts';
import { cancelJobs, readJob } from './codegen/operations.ts';
import type { Connection } from './connection.ts';
import { graphql, cancelJobs as tadaCancelJobs } from './gql-tada.ts';

/** Never run: mistakes that the compiler must find with each client. If it finds none, `tsc` reports an unused expectation. */
export async function makeMistakes(connection: Connection, urql: Client, apollo: ApolloClient): Promise<void> {
  // @ts-expect-error: ids is a list
  await execute(connection, cancelJobs, { input: { ids: 'kylin:1' } });
  // @ts-expect-error: id must be given
  await execute(connection, readJob, {});
  const { job } = await execute(connection, readJob, { id: 'kylin:1' });
  // @ts-expect-error: only a Job has a status; it may be an error
  job.status;
  // @ts-expect-error: there is no such result
  if (job.__typename === 'JobMissing') return;

  // @ts-expect-error: ids is a list
  await execute(connection, tadaCancelJobs, { input: { ids: 'kylin:1' } });
  const { cancelJobs: payload } = await execute(connection, tadaCancelJobs, { input: { ids: ['kylin:1'] } });
  // @ts-expect-error: there is no such outcome
  if (payload.results.some((result) => result.__typename === 'CancelSuccess' && result.outcome === 'STOPPED')) return;
  const { jobs } = await execute(connection, graphql('{ jobs { nodes { colour } } }'), {});
  // @ts-expect-error: Job has no field colour
  jobs.nodes.map(({ colour }) => colour.length);

  // @ts-expect-error: id must be given
  urql.query(readJob, {});
  // @ts-expect-error: ids is a list
  await apollo.mutate({ mutation: cancelJobs, variables: { input: { ids: 'kylin:1' } } });
}
