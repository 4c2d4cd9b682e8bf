import { Client } from 'pg';

/** The database that stores are copies of. */
export const templateDatabase = 'prepared';

/** Runs a statement that belongs to no database of a store. */
export async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: `${server}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
