import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, keyOf } from '../access/callers.ts';
import { createSigningKey, sign, startIdentityProvider } from '../access/identity-provider.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { type StartOptions, startWithSandboxes } from '../start.ts';
import { subscribe } from './codegen/client.ts';
import { jobsChanged } from './codegen/operations.ts';
import { type Connection, connectByEventStream, connectByWebSocket } from './connection.ts';
import { jobsChanged as tadaJobsChanged } from './gql-tada.ts';

const documents = [
  ['the codegen client preset', jobsChanged],
  ['gql.tada', tadaJobsChanged],
] as const;
const key = accessFor({ console: ['jobs:read'] });

async function start(options: StartOptions) {
  const jobyard = await startWithSandboxes({ jobs: 0, ...options });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= jobyard.close());
  onTestFinished(close);
  return { ...jobyard, close };
}

/** Subscribes to one job. Returns its statuses as they arrive, and waits for one of them. */
function watch(connection: Connection, id: string, document: TypedDocumentNode<JobsChanged, { ids: string[] }> = jobsChanged) {
  const statuses: string[] = [];
  const arrivals = new EventTarget();
  const { ended, stop } = subscribe(connection, document, { ids: [id] }, (data) => {
    statuses.push(data.jobsChanged.status);
    arrivals.dispatchEvent(new Event('arrival'));
  });
  onTestFinished(async () => {
    stop();
    await connection.subscriptions.dispose();
  });
  const arrived = async (count: number): Promise<string[]> => {
    while (statuses.length < count) await new Promise((resolve) => arrivals.addEventListener('arrival', resolve, { once: true }));
    return statuses;
  };
  return { arrived, ended };
}

interface JobsChanged {
  jobsChanged: { status: string };
}

describe.each([
  ['a WebSocket', connectByWebSocket],
  ['an event stream', connectByEventStream],
])('over %s', (_transport, connect) => {
  test.each(documents)('%s subscribes with its types, and the subscription ends with the job', async (_types, document) => {
    const jobyard = await start({ access: key });
    const id = addJob(jobyard, 'kinetica');
    const { arrived, ended } = watch(
      connect(`${jobyard.origin}/graphql`, async () => keyOf('console')),
      id,
      document,
    );
    expect(await arrived(1)).toEqual(['RUNNING']);
    jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
    await ended;
    expect(await arrived(2)).toEqual(['RUNNING', 'SUCCEEDED']);
  });

  test('a client connects again when Jobyard stops and another replica runs', async () => {
    const first = await start({ access: key });
    const { arrived, ended } = watch(
      connect(`${first.origin}/graphql`, async () => keyOf('console')),
      addJob(first, 'kinetica'),
    );
    await arrived(1);
    await first.close();
    await start({ access: key, server: { port: Number(new URL(first.origin).port) } });
    // The second one has other sandboxes, without the job.
    await ended;
    expect(await arrived(2)).toEqual(['RUNNING', 'UNKNOWN']);
  });

  test('a client connects again with a new token when the first one expires', async () => {
    const provider = await startIdentityProvider();
    onTestFinished(() => provider.close());
    const signingKey = await createSigningKey('ES256');
    provider.publish([signingKey]);
    const jwt = {
      jwksUri: provider.jwksUri,
      issuer: 'https://idp.example',
      audience: 'jobyard',
      scopesClaim: 'scope',
      clockToleranceSeconds: 0,
      certificateAuthorities: null,
    };
    const jobyard = await start({ access: { apiKeys: [], jwt } });
    let lifetimeSeconds = 1;
    const tokens: string[] = [];
    const getToken = async () => {
      const exp = Math.ceil(Date.now() / 1000) + lifetimeSeconds;
      tokens.push(await sign(signingKey, { iss: jwt.issuer, aud: jwt.audience, sub: 'ann', scope: 'jobs:read', exp }));
      lifetimeSeconds = 600;
      return String(tokens.at(-1));
    };
    const id = addJob(jobyard, 'kinetica');
    const { arrived, ended } = watch(connect(`${jobyard.origin}/graphql`, getToken), id);
    // The current state, again after the new connection.
    expect(await arrived(2)).toEqual(['RUNNING', 'RUNNING']);
    expect(new Set(tokens).size).toBe(2);
    jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
    await ended;
    expect(await arrived(3)).toEqual(['RUNNING', 'RUNNING', 'SUCCEEDED']);
  });
});
