import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts Jobyard without a configuration: with a sandbox of each vendor, on a free port. */
export async function startJobyard() {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  // If this process fails, Jobyard must end, too.
  process.once('exit', () => child.kill());
  const url = await readUrl(createInterface(child.stdout));
  if (!url) throw new Error('Jobyard did not start');
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Returns the URL in the log. Continues to read the log, as Jobyard drops lines while the pipe is full. */
function readUrl(lines: ReturnType<typeof createInterface>): Promise<string | null> {
  return new Promise((resolve) => {
    lines.once('close', () => resolve(null));
    lines.on('line', (line) => {
      const { graphql }: { graphql?: string } = JSON.parse(line);
      if (graphql) resolve(graphql);
    });
  });
}
