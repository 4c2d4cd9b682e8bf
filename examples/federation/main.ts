import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { compose, startGateway } from './gateway.ts';
import { type Incident, startIncidents } from './incidents.ts';
import { startJobyard } from './jobyard.ts';
import { query } from './query.ts';

/** `npm run example:federation`: Jobyard, a subgraph that references its jobs, and a gateway that combines the two. */
const { port } = parseArgs({ options: { port: { type: 'string', default: '4010' } } }).values;

const started: { close(): Promise<unknown> }[] = [];
// Before the start, which can be interrupted too: Jobyard is a process of its own.
closeWithGrace({ logger: false }, async () => {
  for (const server of started.reverse()) await server.close();
});

const jobyard = await startJobyard();
started.push(jobyard);
const incidents = await startIncidents(await reportFailures(jobyard.url));
started.push(incidents);
const gateway = await startGateway(
  await compose([
    { name: 'jobyard', url: jobyard.url },
    { name: 'incidents', url: incidents.url },
  ]),
  Number(port),
);
started.push(gateway);

process.stdout.write(`Federation
  Gateway    ${gateway.url} (open it in a browser to try)
  Jobyard    ${jobyard.url}
  Incidents  ${incidents.url}
Try
${readFileSync(new URL('query.graphql', import.meta.url), 'utf8')}
Stop with Ctrl-C
`);

/** Creates an incident for each of the newest failed jobs, as an on-call tool would. */
async function reportFailures(url: string): Promise<Incident[]> {
  const { jobs } = await query<{ jobs: { nodes: { id: string; systemId: string; vendorId: string }[] } }>(
    url,
    '{ jobs(first: 3, filter: { statuses: [FAILED] }) { nodes { id systemId vendorId } } }',
  );
  return jobs.nodes.map(({ id, systemId, vendorId }, index) => ({
    id: `INC-${index + 1}`,
    title: `A job of ${systemId} failed`,
    systemId,
    jobIds: [id],
    causedBy: { systemId, vendorId },
  }));
}
