import { parentPort, workerData } from 'node:worker_threads';
import { describePgliteFailure } from './pglite-failure.ts';
import { type FailureMessage, openPglite } from './pglite-open.ts';

// Creates an empty database in the folder `workerData`.
await openPglite(String(workerData))
  .then(({ database }) => database.close())
  .catch((error: unknown) => parentPort?.postMessage({ failure: describePgliteFailure(error, []) } satisfies FailureMessage));
process.exit();
