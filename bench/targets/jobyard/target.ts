import { createHash } from 'node:crypto';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openStore } from '../../../src/store/open-store.ts';
import { createQueueEngine } from '../../../src/store/queue-engine.ts';
import { type Origins, systemsQuery, type Target } from '../target.ts';

const key = 'jobyard_benchmark';

/** As shipped: every limit, the audit, logging and metrics are on, and callers have keys. */
function writeConfig(port: number, origins: Origins, workDirectory: string): string {
  const secretFile = join(workDirectory, 'secret');
  writeFileSync(secretFile, 'secret');
  const secret = { file: secretFile };
  const account = { username: 'svc', password: secret };
  const config = {
    server: { host: '127.0.0.1', port },
    access: {
      apiKeys: [
        {
          name: 'bench',
          sha256: createHash('sha256').update(key).digest('hex'),
          scopes: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'],
        },
      ],
    },
    // Counted as ever, but the one caller here stands for all of a company's.
    limits: { requestsPerMinute: 1_000_000 },
    store: copyStore(port, workDirectory),
    systems: [
      { id: 'kinetica', vendor: 'kinetica', url: origins.kinetica, ...account },
      { id: 'veeva-vault', vendor: 'veeva-vault', url: origins['veeva-vault'], ...account },
      { id: 'kylin', vendor: 'kylin', url: `${origins.kylin}/kylin/api`, ...account },
      { id: 'aodocs', vendor: 'aodocs', url: `${origins.aodocs}/api`, securityCode: secret, libraries: ['Sg88Rlsa9ceIZPJeEY'] },
    ],
  };
  const file = join(workDirectory, `jobyard-${port}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Making a store's folder is not what is measured: a start that is not the first one opens what is there. */
async function makeStore(workDirectory: string): Promise<void> {
  const logger = pino({ level: 'warn' });
  const store = openStore({ kind: 'folder', folder: join(workDirectory, 'store') }, logger);
  await store.query('select 1');
  const queues = await createQueueEngine(store, logger);
  await queues.start();
  await queues.stop({ close: false });
  await store.close();
}

/** Each process begins with an empty one of its own: what another left to follow is none of its work. */
function copyStore(port: number, workDirectory: string): string {
  const folder = join(workDirectory, `store-${port}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(workDirectory, 'store'), folder, { recursive: true });
  return folder;
}

export const jobyard: Target = {
  name: 'jobyard',
  title: 'Jobyard as shipped',
  processes: 1,
  prepare: (_origins, workDirectory) => makeStore(workDirectory),
  // As `npm start` does.
  command: (port, origins, workDirectory) => [
    '--import',
    new URL('../../../src/runtime.js', import.meta.url).pathname,
    new URL('../../../src/main.ts', import.meta.url).pathname,
    '--config',
    writeConfig(port, origins, workDirectory),
  ],
  headers: { authorization: `Bearer ${key}` },
  firstQuery: systemsQuery,
  comparable: true,
};

/** Two replicas that share nothing; the load takes turns with them. */
export const jobyardTwice: Target = { ...jobyard, name: 'jobyard-x2', title: 'Jobyard, two replicas', processes: 2 };
