import type { ServerResponse } from 'node:http';
import { type SystemName, systemNames } from '../start.ts';
import { startServer, type TestServer } from '../transport/start-server.ts';
import { subjects } from '../vendors/subjects.ts';

/** The responses of the stubs: jobs, each vendor's own errors, or a page or redirect of a server in front of the vendor. */
export const modes = ['jobs', 'errors', 'page', 'redirect', 'cut page'] as const;
export type Mode = (typeof modes)[number];

export interface EchoingOptions {
  mode: Mode;
  /** The text that the vendor returns wherever it can: it includes a form of a secret. */
  words(): string;
  /** The same, of visible ASCII characters. */
  headerWords(): string;
}

export type EchoingVendors = Record<SystemName, TestServer>;

/** Stubs of all vendors, which repeat what they know wherever they can. */
export async function startEchoingVendors(options: EchoingOptions): Promise<EchoingVendors> {
  const started = systemNames.map(async (system) => [system, await startEcho(system, options)]);
  return Object.fromEntries(await Promise.all(started));
}

function startEcho(system: SystemName, { mode, words, headerWords }: EchoingOptions): Promise<TestServer> {
  const { answer } = subjects[system].echo;
  return startServer((request, response) => {
    if (mode !== 'jobs' && mode !== 'errors') {
      answerInFront(mode, words, headerWords, response);
      return;
    }
    const { status = 200, body, headers = {} } = answer(new URL(request.url ?? '', 'http://stub'), request, { mode, words });
    response.writeHead(status, { 'content-type': 'application/json', 'x-words': headerWords(), ...headers });
    response.end(JSON.stringify(body));
  });
}

/** What is in front of the vendor. */
function answerInFront(mode: 'page' | 'redirect' | 'cut page', words: () => string, headerWords: () => string, response: ServerResponse) {
  if (mode === 'page') {
    response.writeHead(200, { 'content-type': `text/html; echo=${headerWords()}` }).end(`<html>${words()}</html>`);
  } else if (mode === 'cut page') {
    // Jobyard shows 100 characters of a content type.
    response.writeHead(200, { 'content-type': `text/html; echo=${'x'.repeat(70)}${headerWords()}` }).end(words());
  } else {
    response
      .writeHead(302, { location: `https://${headerWords()}@login.example/${'x'.repeat(140)}/${headerWords()}?p=${headerWords()}` })
      .end();
  }
}
