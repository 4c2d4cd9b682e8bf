// Runtime settings, applied before anything else is loaded. In JavaScript, as `npm start` runs this file before the compile cache is
// enabled: the first TypeScript file would make Node load its type stripper, which takes a tenth of the startup.
import './requirements.js';
import { setFlagsFromString } from 'node:v8';

// Some of the read jobs stay as cached copies. V8 would conclude that all jobs stay, and allocate them, with everything they
// refer to, where only full collections free memory: lists would take twice the time and memory.
setFlagsFromString('--no-allocation-site-pretenuring');
// V8 would let garbage grow to four times what is live before it collects. This limit takes more than 100 MiB less, and no more CPU time.
setFlagsFromString('--heap-growing-percent=20');

await import('./compile-cache.js');

// Until src/process/run.ts handles them: by default, SIGHUP and SIGUSR2 end the process, and SIGUSR1 opens Node's inspector, which lets any
// local user run code.
for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP']) process.on(signal, () => {});
