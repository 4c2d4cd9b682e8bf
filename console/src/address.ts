/** The base of all pages: each page lies one level below it, so it ends before the last segment of any page's address. */
export const base = new URL('.', location.href).pathname.replace(/\/$/, '');

/** The address of the API, which lies beside the console behind any prefix. */
export const graphqlUrl = new URL('../graphql', location.href).href;

/** The pages. */
export type PageName = 'overview' | 'jobs' | 'job' | 'bulk' | 'systems' | 'audit';

/** The address of a page, relative to the base. Parameters that are null are left out. */
export function toAddress(page: PageName, parameters: Record<string, string | readonly string[] | null> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) continue;
    for (const one of typeof value === 'string' ? [value] : value) search.append(name, one);
  }
  const text = search.toString();
  return `/${page}${text === '' ? '' : `?${text}`}`;
}

export const toJob = (id: string): string => toAddress('job', { id });
