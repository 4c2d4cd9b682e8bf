import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../../store/embedded-postgres.ts';

/** A real Airflow of its own, on a PostgreSQL server of its own. */
export interface RealAirflow {
  url: string;
  stop(): Promise<void>;
}

export const username = 'op';
export const password = 'night-shift';
/** Lower than Airflow's, so that few runs fill a page. */
export const maximumPageLimit = 7;

const dagsFolder = fileURLToPath(new URL('dags', import.meta.url));
const dagCount = 10;
const startMs = 180_000;

/** `environment`: the folder of a Python virtual environment with the packages of requirements.txt. */
export async function startAirflow(environment: string): Promise<RealAirflow> {
  const command = join(environment, 'bin', 'airflow');
  if (!existsSync(command))
    throw new Error(`expected a virtual environment with Airflow in JOBYARD_AIRFLOW, got "${environment}": no ${command}`);
  const home = await mkdtemp(join(tmpdir(), 'jobyard-airflow-'));
  const postgres = await startPostgres();
  await createDatabase(postgres.url);
  const port = await findFreePort();
  const passwords = join(home, 'passwords.json');
  await mkdir(join(home, 'logs'));
  await writeFile(passwords, JSON.stringify({ admin: 'airflow-admin', [username]: password, viewer: 'only-looking' }));
  const settings = { home, passwords, port, database: `${postgres.url.replace('postgres://', 'postgresql+psycopg2://')}/airflow` };
  const log: string[] = [];
  const child = spawn(command, ['standalone'], {
    // A group of its own, which ends as a whole.
    detached: true,
    env: { ...process.env, PATH: `${join(environment, 'bin')}:${process.env.PATH}`, ...variablesOf(settings) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => void log.push(part.toString('utf8')));
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, 'SIGKILL');
      await once(child, 'exit');
    }
    await postgres.remove();
    await rm(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, () => child.exitCode);
  } catch (error) {
    await stop();
    throw new Error(`Airflow did not start: ${String(error)}\n${log.join('').slice(-8_000)}`);
  }
  return { url, stop };
}

interface Settings {
  home: string;
  passwords: string;
  port: number;
  database: string;
}

function variablesOf({ home, passwords, port, database }: Settings): Record<string, string> {
  const airflow = {
    CORE__LOAD_EXAMPLES: 'False',
    CORE__DAGS_FOLDER: dagsFolder,
    CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    CORE__PARALLELISM: '16',
    CORE__EXECUTOR: 'LocalExecutor',
    CORE__SIMPLE_AUTH_MANAGER_USERS: `admin:admin,${username}:op,viewer:viewer`,
    CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwords,
    DATABASE__SQL_ALCHEMY_CONN: database,
    API__HOST: '127.0.0.1',
    API__PORT: String(port),
    API__WORKERS: '1',
    API__BASE_URL: `http://127.0.0.1:${port}`,
    API__SECRET_KEY: 'real-secret-key',
    API__MAXIMUM_PAGE_LIMIT: String(maximumPageLimit),
    API_AUTH__JWT_SECRET: 'real-secret-of-the-tokens-that-is-long-enough-for-every-algorithm',
    CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
    WORKERS__MIN_HEARTBEAT_INTERVAL: '1',
    DAG_PROCESSOR__REFRESH_INTERVAL: '600',
    LOGGING__BASE_LOG_FOLDER: join(home, 'logs'),
  };
  return {
    AIRFLOW_HOME: home,
    PYTHONDONTWRITEBYTECODE: '1',
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
    ...Object.fromEntries(Object.entries(airflow).map(([name, value]) => [`AIRFLOW__${name}`, value])),
  };
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  await client.query('CREATE DATABASE airflow');
  await client.end();
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}

/** Polled, as a process of another language gives no event: until every part is healthy and every DAG is known. */
async function untilReady(url: string, exitCode: () => number | null): Promise<void> {
  const endMs = Date.now() + startMs;
  for (;;) {
    if (exitCode() !== null) throw new Error(`it ended with ${exitCode()}`);
    if (await isReady(url)) return;
    if (Date.now() > endMs) throw new Error(`it was not ready after ${startMs / 1000} s`);
    await delay(500);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const health = (await (await fetch(`${url}/api/v2/monitor/health`)).json()) as Record<string, { status: string | null }>;
    if (!['metadatabase', 'scheduler', 'triggerer', 'dag_processor'].every((part) => health[part]?.status === 'healthy')) return false;
    const token = await getToken(url, username, password);
    const dags = await fetch(`${url}/api/v2/dags?limit=1`, { headers: { authorization: `Bearer ${token}` } });
    return ((await dags.json()) as { total_entries: number }).total_entries === dagCount;
  } catch {
    return false;
  }
}

export async function getToken(url: string, name: string, secret: string): Promise<string> {
  const response = await fetch(`${url}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: name, password: secret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
