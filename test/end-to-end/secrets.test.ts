import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { secretsOf } from '../configure-systems.ts';
import { type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { addJob, cancel } from './jobs.ts';

let jobyard: WithSandboxes;
afterEach(() => jobyard.close());

const everything = `query ($ids: [ID!]!) {
  jobs(first: 500) { nodes { id name raw failureMessage steps { message } problem { message } progress { fraction } } systems { problem { message } } }
  jobSystems { health { problem { message } } }
  jobsByIds(ids: $ids) { ... on Job { raw problem { message } } ... on JobError { message } }
}`;

/** Everything that a caller can read about these jobs, by reads and by cancels. */
async function readEverything(ids: string[]): Promise<string> {
  const answers = [await jobyard.query(everything, { ids }), await cancel(jobyard, ids), await jobyard.query(everything, { ids })];
  return JSON.stringify(answers);
}

/** The secrets of the sandboxes, as configured and as sent. */
function secretsOfAll({ sandboxes }: WithSandboxes): string[] {
  return systemNames.flatMap((system) => {
    const { settings } = sandboxes[system];
    const plain = secretsOf(system, settings);
    expect(plain).not.toEqual([]);
    return [...plain, ...plain.map((secret) => Buffer.from(`${settings.username}:${secret}`).toString('base64'))];
  });
}

test('no response contains a credential or a stack trace while all is well', async () => {
  jobyard = await startWithSandboxes({ jobs: 30 });
  const text = await readEverything(systemNames.map((system) => addJob(jobyard, system)));
  const secrets = secretsOfAll(jobyard);
  for (const secret of secrets) expect(text).not.toContain(JSON.stringify(secret));
  for (const secret of secrets.filter(({ length }) => length > 8)) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\\n\s*at |stacktrace/);
});

test("Kylin's stack traces don't leave Jobyard", async () => {
  jobyard = await startWithSandboxes({ jobs: 5 });
  const { state, switches } = jobyard.sandboxes.kylin;
  expect(switches.stacktrace).toBe('full');
  state.failUnexpectedly({ times: 100 });
  const text = await readEverything([addJob(jobyard, 'kylin')]);
  expect(text).toContain('kylin');
  expect(text).not.toMatch(/org\.apache|java\.|\\n\s*at |stacktrace/);
});

describe.each(systemNames)('%s', (system: SystemName) => {
  test.each([400, 403, 500])('that repeats the credentials in its response %i: no response of Jobyard contains them', async (status) => {
    const echo = await startEcho(status);
    jobyard = await startWithSandboxes({
      jobs: 0,
      change: (config) => (config.id === system ? { ...config, url: echo.url(config.url) } : config),
    });
    const text = await readEverything([addJob(jobyard, system)]);
    expect(echo.seen().length).toBeGreaterThan(0);
    for (const secret of echo.seen()) expect(text).not.toContain(secret);
  });
});

/** A server that responds to every request with an error that quotes the request's headers and body. Records the credentials. */
async function startEcho(status: number) {
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const authorization = request.headers.authorization ?? '';
      const secret = authorization.slice(authorization.indexOf(' ') + 1) || passwordIn(body);
      if (secret) seen.add(secret);
      const words = `Not today: ${authorization} ${body}`;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          status: 'ERROR',
          code: '999',
          msg: words,
          message: words,
          responseStatus: 'FAILURE',
          error: { message: words },
          errors: [{ type: 'UNEXPECTED_ERROR', message: words }],
        }),
      );
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: (url: string) => `http://127.0.0.1:${port}${new URL(url).pathname}`, seen: () => [...seen] };
}

/** The password of a login: in a form, or in JSON. */
function passwordIn(body: string): string {
  return body.startsWith('{') ? (JSON.parse(body).password ?? '') : (new URLSearchParams(body).get('password') ?? '');
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
