import { Client } from 'pg';
import { pino } from 'pino';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/store/open-store.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { findFreePorts, run, runJobyard } from '../../processes.ts';
import { createStorePlace } from '../../store.ts';

const server = () => new URL(inject('postgresUrl'));

async function administer(database: string, ...statements: string[]): Promise<void> {
  const url = server();
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** The exit code and the output of a start with this store. */
async function startWith(url: string) {
  const config = writeTemporaryFile(withSystem(''));
  const started = run('src/main.ts', ['--port', '0', '--config', config], { JOBYARD_STORE: url });
  const code = await started.exit();
  return { code, stderr: started.stderr(), stdout: started.stdout() };
}

test.each([
  ['a wrong password', (url: URL) => (url.password = 'swordfish'), /password authentication failed for user "jobyard" \(SQLSTATE 28P01\)/],
  ['no password', (url: URL) => (url.password = ''), /empty password/],
  ['a database that is not there', (url: URL) => (url.pathname = '/nowhere'), /database "nowhere" does not exist \(SQLSTATE 3D000\)/],
])('%s ends the startup with one line, before the server listens', { timeout: 120_000 }, async (_name, change, message) => {
  const url = server();
  url.pathname = '/postgres';
  change(url);
  const { code, stderr, stdout } = await startWith(url.href);
  // The test server's password is the name of its user, so the output hides both.
  expect(stderr).toMatch(/^store: can't use postgres:\/\/(?:jobyard|…)@[^\n]*\. Correct the store's URL and password, [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('swordfish');
  expect(stdout).not.toContain('GraphQL');
  expect(code).toBe(2);
});

test('missing privileges, foreign tables, and an unsuitable encoding end the startup, too', { timeout: 120_000 }, async () => {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const name = new URL(place.text).pathname.slice(1);
  // The test's database is there by now.
  const isThere = () =>
    administer(name).then(
      () => true,
      () => false,
    );
  await expect.poll(isThere, { timeout: 15_000 }).toBe(true);
  // As before the first start.
  await administer(name, 'DROP SCHEMA jobyard, pgboss CASCADE');
  const role = `${name}_reader`;
  await administer(name, `CREATE ROLE ${role} LOGIN PASSWORD 'reader'`);
  onTestFinished(() => administer('postgres', `DROP ROLE ${role}`));
  const refusalOf = async (url: string): Promise<string> => {
    const refused = Promise.withResolvers<string>();
    const store = openStore({ kind: 'server', url }, pino({ level: 'silent' }), { onUnusable: ({ message }) => refused.resolve(message) });
    onTestFinished(() => store.close());
    await store.resume();
    return Promise.race([refused.promise, store.opened.then(() => 'opened')]);
  };
  const url = new URL(place.text);
  url.username = role;
  url.password = 'reader';
  expect(await refusalOf(url.href)).toMatch(/permission denied for database .* \(SQLSTATE 42501\)\. Correct /);
  await administer(name, 'CREATE SCHEMA jobyard');
  expect(await refusalOf(place.text)).toMatch(/can't create or change the tables in .* schema "jobyard" already exists \(SQLSTATE 42P06\)/);
  const latin = `${name}_latin`;
  await administer('postgres', `CREATE DATABASE ${latin} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  onTestFinished(() => administer('postgres', `DROP DATABASE ${latin} WITH (FORCE)`));
  url.href = place.text;
  url.pathname = `/${latin}`;
  expect(await refusalOf(url.href)).toContain('expected a database with the encoding UTF8, got LATIN1');
});

test('a server that is not there is waited for', { timeout: 60_000 }, async () => {
  const config = writeTemporaryFile(withSystem(''));
  const jobyard = await runJobyard(['--config', config], { JOBYARD_STORE: `postgres://127.0.0.1:${await findFreePorts(1)}/postgres` });
  expect(jobyard.stderr()).toBe('');
  jobyard.child.kill('SIGTERM');
  expect(await jobyard.exit()).toBe(0);
});
