import { expect, test } from 'vitest';
import { createPgliteLog, describePgliteFailure } from '../../../src/store/pglite-failure.ts';

/** As Emscripten throws it: no Error, and a number of its own. */
const errno = (number: number): unknown => ({ name: 'ErrnoError', errno: number });
const abort = new WebAssembly.RuntimeError('Aborted(). Build with -sASSERTIONS for more info.');

test.each([
  [errno(51), [], 'no space is left on the disk (ENOSPC)', false],
  [errno(69), [], 'the file system is read-only (EROFS)', true],
  [errno(76), [], 'error 76 of its file system', false],
  [Object.assign(new Error('x'), { code: 'ENOSPC' }), [], 'no space is left on the disk (ENOSPC)', false],
  [abort, [], 'PostgreSQL ended without giving a reason', false],
  [abort, ['LOG:  redo done', 'Aborted()'], 'PostgreSQL ended without giving a reason; the last line of its log: LOG:  redo done', false],
  [
    abort,
    ['2026 [42] PANIC:  could not write to file "pg_wal/1": No space left on device'],
    'could not write to file "pg_wal/1": No space left on device',
    false,
  ],
  [abort, ['2026 [42] PANIC:  could not locate a valid checkpoint record'], 'could not locate a valid checkpoint record', true],
  [
    new Error('PGlite failed to initialize properly'),
    ['2026 [42] FATAL:  database files are incompatible with server', '2026 [42] DETAIL:  Made by version 15.'],
    'database files are incompatible with server (Made by version 15)',
    true,
  ],
] as const)('%o with the log %j', (error, lines, message, isLasting) => {
  const log = createPgliteLog();
  for (const line of lines) log.add(line);
  expect(describePgliteFailure(error, log.lines)).toEqual({ message, isLasting });
});
