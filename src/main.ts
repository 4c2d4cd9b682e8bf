import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// From the second start on nothing is stripped of its types and compiled anew: half the time to the first answer.
// Among the packages, and not where Node would put it by itself: in a folder that all users share, others could plant code.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));
await import('./run.ts');
