import { z } from 'zod';
import type { Vendor } from '../../src/vendors/vendor.ts';

/** Which texts of these settings the vendor reads as secrets, and which it declares as such. */
export function secretsReadBy({ settings, secrets }: Vendor, input: object): { read: string[]; declared: readonly (string | undefined)[] } {
  const read: string[] = [];
  const secret = z.string().transform((text) => {
    read.push(text);
    return text;
  });
  return { declared: secrets(settings(secret).parse(input)), read };
}
