// Runtime settings, applied before anything else is loaded. In JavaScript, as `npm start` runs this file before the compile cache is
// enabled: the first TypeScript file would make Node load its type stripper, which takes a tenth of the startup.
import './node-version.js';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// A dynamic import: a static import of what an old Node doesn't export would be a SyntaxError before the check runs.
const { enableCompileCache } = await import('node:module');

// Some of the read jobs stay as cached copies. V8 would conclude that all jobs stay, and allocate them, with everything they
// refer to, where only full collections free memory: lists would take twice the time and memory.
setFlagsFromString('--no-allocation-site-pretenuring');

// From the second start on, no types are stripped and nothing is compiled: half the time to the first response. The cache is in
// node_modules, not in Node's default folder: all users share that folder, so others could plant code.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));

// Until src/process/run.ts handles them: by default, SIGHUP and SIGUSR2 end the process, and SIGUSR1 opens Node's inspector, which lets any
// local user run code.
for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP']) process.on(signal, () => {});
