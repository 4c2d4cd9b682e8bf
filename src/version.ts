import { manifest } from './package.js';

/** Jobyard's own. */
export const name = manifest.name;
export const version = manifest.version;
