import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer, stop } from '../../child.ts';
import { createKeys, describeKeys, toCallers } from '../../keys.ts';
import { awaitAnswer, freePort } from '../../requests.ts';
import { readStartParameters } from '../../start-command.ts';
import { type Origins, systemsQuery, type Target } from '../target.ts';

/** Each caller may make 6,000 requests and act on 200,000 jobs a minute. */
const keys = createKeys();

/** As shipped: every limit, the audit, logging and metrics are on, and callers have keys. */
function writeConfig(port: number, origins: Origins, workDirectory: string, store: string): string {
  const secretFile = join(workDirectory, 'secret');
  writeFileSync(secretFile, 'secret');
  const secret = { file: secretFile };
  const account = { username: 'svc', password: secret };
  const config = {
    server: { host: '127.0.0.1', port },
    access: {
      apiKeys: describeKeys(keys),
    },
    store,
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

/** Needs the store and its queues, and leaves nothing in them. */
const storeQuery =
  'mutation Prepare { startBulkAction(input: { action: CANCEL, filter: { owners: ["-"] }, reason: "-" }) { ... on Problem { code } } }';

interface Start {
  /** What is done once before. */
  build?(): void;
  /** The arguments of node. */
  command: readonly string[];
}

/** The package of a checkout whose packages are installed: what `npx jobyard` starts. */
function startOfPackage(checkout: string): Start {
  return {
    build: () => void execFileSync('npm', ['run', 'build'], { cwd: checkout, stdio: ['ignore', 'ignore', 'inherit'] }),
    command: [join(checkout, 'dist/jobyard.js')],
  };
}

function createJobyardTarget(name: string, title: string, start: Start): Target {
  const emptyStore = (workDirectory: string): string => join(workDirectory, `${name}-store`);
  const command = (configFile: string): string[] => [...start.command, '--config', configFile];
  const callers = toCallers(keys);

  return {
    name,
    title,
    processes: 1,
    // Making a store's folder is not what is measured: a start that is not the first one opens what is there.
    async prepare(origins, workDirectory) {
      start.build?.();
      const port = await freePort();
      const config = writeConfig(port, origins, workDirectory, emptyStore(workDirectory));
      const server = startServer([process.execPath, ...command(config)], { NODE_ENV: 'production' }, join(workDirectory, `${name}.log`));
      const isReady = (answer: string): boolean => answer.includes('"code"') && !answer.includes('STORE_UNAVAILABLE');
      await awaitAnswer({
        server,
        name,
        origin: `http://127.0.0.1:${port}`,
        headers: callers[0] ?? {},
        query: storeQuery,
        isAnswer: isReady,
      });
      await stop(server);
    },
    command(port, origins, workDirectory) {
      // Each process begins with an empty one of its own: what another left to track is none of its work.
      const store = join(workDirectory, `store-${port}`);
      rmSync(store, { recursive: true, force: true });
      cpSync(emptyStore(workDirectory), store, { recursive: true });
      return command(writeConfig(port, origins, workDirectory, store));
    },
    callers,
    firstQuery: systemsQuery,
    comparable: true,
  };
}

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

export const jobyard = createJobyardTarget('jobyard', 'Jobyard as shipped', startOfPackage(checkout));

/** Its profiles name the files and functions of the source. */
export const jobyardCheckout = createJobyardTarget('jobyard-checkout', 'Jobyard, started with npm start', {
  command: readStartParameters(checkout),
});

/** Two replicas that share nothing; the load takes turns with them. */
export const jobyardTwice: Target = { ...jobyard, name: 'jobyard-x2', title: 'Jobyard, two replicas', processes: 2 };

/** Another checkout of Jobyard, so that a change is judged in one run. */
export function createOtherCheckout(folder: string): Target {
  return createJobyardTarget('against', `the Jobyard in ${folder}`, startOfPackage(resolve(folder)));
}
