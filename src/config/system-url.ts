import { z } from 'zod';

/** The schema of a system's `url` with one of these schemes; empty: there is none. Null: anything. */
export function createUrlSchema(schemes: readonly string[] | null): z.ZodType<string | undefined> {
  if (schemes === null) return z.string('expected a URL').optional();
  if (schemes.length === 0) return z.undefined('expected no url, as this vendor has none').optional();
  const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(schemes);
  const article = /^(?:[aeio]|http)/.test(names) ? 'an' : 'a';
  const protocol = new RegExp(`^(?:${schemes.map((scheme) => scheme.replaceAll(/[.+]/g, '\\$&')).join('|')})$`);
  return z.url({ protocol, error: `expected ${article} ${names} URL`, abort: true }).refine((url) => !/[@?#]/.test(url), {
    // Jobyard doesn't send the rest of a URL, and messages show URLs.
    error: 'expected a URL without user name, password, ? and # (secrets have separate keys)',
    params: { includesValue: true },
  });
}
