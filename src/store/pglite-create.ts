import { workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

// Makes an empty database in the folder `workerData`.
const database = await PGlite.create(String(workerData), { initDbStartParams: ['--set', 'shared_buffers=8MB'] });
await database.close();
process.exit();
