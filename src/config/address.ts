import { z } from 'zod';

// What a host and a port are, in the file, in variables, and on the command line.

export const aHost = 'expected a host name or address';
export const aPort = 'expected a port from 0 to 65535';

/** A number, or its digits: variables and options are text. */
export const portSchema = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value),
  z.int(aPort).min(0, aPort).max(65_535, aPort),
);
