import './runtime.js';

// Not before it: what is imported at the top is loaded first.
await import('./run.ts');
