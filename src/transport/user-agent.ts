import manifest from '../../package.json' with { type: 'json' };

/** How Jobyard names itself in the requests it makes: some HTTP front ends refuse those without a `User-Agent`. */
export const userAgent = `${manifest.name}/${manifest.version}`;
