import { name, version } from '../version.ts';

/** The name of Jobyard in its requests: some HTTP front ends reject requests without a `User-Agent`. */
export const userAgent = `${name}/${version}`;
