import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createReports, releasedFile } from './api.ts';

// `npm run api`: at a release, makes the current exports those that the next changes are compared with.
for (const [entry, report] of await createReports()) {
  const file = releasedFile(entry);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, report);
}
