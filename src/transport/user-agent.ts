import { name, version } from '../version.ts';

/** How Jobyard names itself in the requests it makes: some HTTP front ends refuse those without a `User-Agent`. */
export const userAgent = `${name}/${version}`;
