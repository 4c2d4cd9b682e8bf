import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('worker-program.ts', import.meta.url));

/** Starts a worker of the queue in a process of its own, until the test has finished. Resolves when it takes jobs. */
export async function startWorker(port: number, queue: string, cancelTopic = '', password = ''): Promise<void> {
  const child = spawn(process.execPath, [program, String(port), queue, cancelTopic, password], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  await Promise.race([
    once(child.stdout, 'data'),
    closed.then(() => {
      throw new Error('The worker ended before it was ready');
    }),
  ]);
}
