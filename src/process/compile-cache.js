import './requirements.js';
import { fileURLToPath } from 'node:url';
import { compileCacheFolder } from '../package.js';

// A dynamic import: a static import of what an old Node doesn't export would be a SyntaxError before the check runs.
const { enableCompileCache } = await import('node:module');

// From the second start on, no types are stripped and nothing is compiled: half the time to the first response. If the folder can't be
// written, nothing is cached, there or elsewhere.
enableCompileCache(fileURLToPath(compileCacheFolder));
