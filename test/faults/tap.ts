import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to a server on this machine, on which can be seen when the caller hangs up. */
export interface Tap {
  port: number;
  /** Connections that are open on the caller's side. */
  open(): number;
}

/** `port`: the target, which may be set later. Without one, nothing responds. */
export async function startTap(target: { port: number | null }): Promise<Tap> {
  const callers = new Set<Socket>();
  const server = createServer((caller) => {
    callers.add(caller);
    const line = target.port === null ? null : connect(target.port, '127.0.0.1');
    caller
      .on('error', () => {})
      .once('close', () => {
        callers.delete(caller);
        line?.destroy();
      });
    if (!line) {
      caller.resume();
      return;
    }
    line.on('error', () => {}).once('close', () => caller.destroy());
    caller.pipe(line).pipe(caller);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const caller of callers) caller.destroy();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('No port');
  return { port: address.port, open: () => callers.size };
}
