// Settings of the runtime, before anything else is loaded. JavaScript, as `npm start` runs it before the cache is there: the first file with
// types would make Node load what strips them, which takes a tenth of the whole start.
import './node-version.js';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Dynamic, as a static import of what an old Node doesn't export would be a SyntaxError before the check runs.
const { enableCompileCache } = await import('node:module');

// Of the jobs that are read some stay, as last copies. V8 would conclude that all of a kind stay and put them where only full collections
// look, with all that they refer to: lists then take twice the time and memory.
setFlagsFromString('--no-allocation-site-pretenuring');

// From the second start on nothing is stripped of its types and compiled anew: half the time to the first answer.
// Among the packages, and not where Node would put it by itself: in a folder that all users share, others could plant code.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));

// Until src/process/run.ts takes them: by default SIGHUP and SIGUSR2 end the process, and SIGUSR1 opens Node's inspector, through which any local user
// could run code.
for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP']) process.on(signal, () => {});
