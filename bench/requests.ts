import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

interface StartingServer {
  server: ChildProcess;
  name: string;
  origin: string;
  headers: Record<string, string>;
  query: string;
  isAnswer?: (text: string) => boolean;
}

const giveUpAfterMs = 60_000;

/** Asks a server that starts until it answers. */
export async function awaitAnswer({ server, name, origin, headers, query, isAnswer = () => true }: StartingServer): Promise<void> {
  const body = JSON.stringify({ query, operationName: /^(?:query|mutation) (\w+)/.exec(query)?.[1] });
  const giveUpAtMs = performance.now() + giveUpAfterMs;
  while (performance.now() < giveUpAtMs) {
    if (server.exitCode !== null) throw new Error(`${name} ended with ${server.exitCode}: see its log`);
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    }).catch(() => null);
    const text = await answer?.text();
    if (answer?.status === 200 && isAnswer(text ?? '')) return;
    await delay(5);
  }
  throw new Error(`${name} did not answer within ${giveUpAfterMs / 1000} s`);
}
