import type { Job, JobLink } from './job.ts';
import { toShownLinks } from './vendor-facts.ts';

/** A page about each job of a system, in the configuration: a title, and a URL with placeholders. */
export interface LinkTemplate {
  title: string;
  url: string;
}

const placeholder = /\{([^{}]*)\}/g;
/** What a placeholder stands for. */
const values: Readonly<Record<string, (job: Job) => string | null>> = {
  vendorId: ({ vendorId }) => vendorId,
  scope: ({ scope, shownScope }) => shownScope ?? scope,
};

/** What is wrong with the URL of a template, as "expected ..."; null if it is valid. */
export function findTemplateFault(url: string): string | null {
  const names = Array.from(url.matchAll(placeholder), ([, name = '']) => name);
  const unknown = names.find((name) => !(name in values));
  if (unknown !== undefined) return `expected only the placeholders {vendorId} and {scope}, not {${unknown}}`;
  if (names.length === 0) return 'expected a URL with {vendorId} or {scope}';
  const parsed = URL.parse(url.replace(placeholder, 'x'));
  if (!parsed || !/^https?:\/\//i.test(url) || parsed.username !== '' || parsed.password !== '') {
    return 'expected an http or https URL without username and password';
  }
  // A job's ID must not decide where the link leads to.
  return /^https?:\/\/[^/?#{}\\]+[/?#]/i.test(url) ? null : 'expected placeholders only after the host, as in https://host/jobs/{vendorId}';
}

/** The pages about a job: the vendor's own, then those of the configuration. */
export function linksOf(job: Job, templates: readonly LinkTemplate[] = []): JobLink[] {
  const configured = templates.flatMap(({ title, url }) => {
    const filled = fillIn(url, job);
    return filled === null ? [] : [{ title, url: filled }];
  });
  return toShownLinks([...(job.links?.() ?? []), ...configured]);
}

/** Null: the job has no value for a placeholder, or one that would change the path. */
function fillIn(url: string, job: Job): string | null {
  let isComplete = true;
  const filled = url.replace(placeholder, (_text, name: string) => {
    const value = values[name]?.(job) ?? '';
    // URLs are normalized without `.` and `..`, and half a surrogate pair can't be encoded.
    if (/^\.{0,2}$/.test(value) || !value.isWellFormed()) isComplete = false;
    return isComplete ? encodeURIComponent(value) : '';
  });
  return isComplete ? filled : null;
}
