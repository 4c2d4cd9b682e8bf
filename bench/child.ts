import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const running = new Set<ChildProcess>();
// However this process ends, the others end with it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

function keep(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** A helper of the benchmark that talks over IPC. */
export function startHelper(file: URL, ...parameters: string[]): ChildProcess {
  return keep(fork(file, parameters, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

/** A server under test; what it prints goes into `logFile`. */
export function startServer(command: readonly string[], environment: Record<string, string>, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const [program = process.execPath, ...parameters] = command;
  const child = spawn(program, parameters, { stdio: ['ignore', log, log], env: { ...process.env, ...environment } });
  closeSync(log);
  return keep(child);
}

/** The helper's next message. Rejects when it ends instead. */
export function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`A helper ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as Message);
    });
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}
