import manifest from '../package.json' with { type: 'json' };

/** Jobyard's own. */
export const { name, version } = manifest;
