import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { createPgliteLog, describePgliteFailure, PgliteError, type PgliteFailure } from './pglite-failure.ts';
import { createPrivateFiles } from './pglite-files.ts';

/** The message that PGlite's threads send to their parent before they end because of a failure. */
export interface FailureMessage {
  failure: PgliteFailure;
}

export interface OpenedPglite {
  database: PGlite;
  describeFailure(error: unknown): PgliteFailure;
}

/** Opens the database in `dataDirectory`, a folder or `memory://`; creates it if there is none. Rejects with a PgliteError. */
export async function openPglite(dataDirectory: string): Promise<OpenedPglite> {
  const log = createPgliteLog();
  const describeFailure = (error: unknown): PgliteFailure => describePgliteFailure(error, log.lines);
  const place: PGliteOptions = dataDirectory === 'memory://' ? { dataDir: dataDirectory } : { fs: createPrivateFiles(dataDirectory) };
  try {
    const database = await PGlite.create({
      ...place,
      // Otherwise it tries 128 MB.
      initDbStartParams: ['--set', 'shared_buffers=8MB'],
      // Sizes for one session: with PostgreSQL's default of 128 MB, the thread takes twice the memory. The operating system also caches the pages.
      startParams: [
        ...PGlite.defaultStartParams,
        ...['shared_buffers=2MB', 'min_wal_size=32MB', 'max_wal_size=64MB'].flatMap((setting) => ['-c', setting]),
      ],
      onStderr: (line) => {
        log.add(line);
        return false;
      },
    });
    return { database, describeFailure };
  } catch (error) {
    throw new PgliteError(describeFailure(error));
  }
}
