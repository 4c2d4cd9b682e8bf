import { type Account, hasPermission } from './accounts.ts';
import type { Job } from './job.ts';
import type { KylinState } from './state.ts';
import type { KylinSwitches } from './switches.ts';

export interface Search {
  candidates: Iterable<Readonly<Job>>;
  matches(job: Readonly<Job>): boolean;
}

/**
 * Searches `key` in the names of models, tables, and projects, ignoring case. If any match, returns the jobs on them; otherwise, matches it
 * against job IDs. `subject` is the exact name of a job's subject.
 */
export function createSearch(
  state: KylinState,
  account: Account,
  wanted: { key: string | undefined; subject: string | undefined; exact: boolean; project: string | undefined },
  switches: KylinSwitches,
): Search {
  const { key, subject, exact, project } = wanted;
  const all = state.jobs();
  if (key === undefined) return { candidates: all, matches: (job) => subject === undefined || job.subject === subject };
  const lowerKey = key.toLowerCase();
  if (switches.keySearch === 'subjectOrId') {
    return {
      candidates: all,
      matches: (job) =>
        (subject === undefined || job.subject === subject) &&
        (job.subject.toLowerCase().includes(lowerKey) || job.id.toLowerCase().includes(lowerKey)),
    };
  }
  const isNamed = (name: string): boolean => (exact ? name.toLowerCase() === lowerKey : name.toLowerCase().includes(lowerKey));
  const subjects = new Set<string>();
  for (const candidate of state.projects.all()) {
    if (!hasPermission(account, candidate.name, 'READ')) continue;
    if (isNamed(candidate.name)) subjects.add(candidate.name);
    if (project && project !== candidate.name) continue;
    for (const name of candidate.subjects) if (isNamed(name)) subjects.add(name);
  }
  if (subjects.size > 0) {
    if (subject !== undefined) subjects.add(subject);
    return { candidates: all, matches: (job) => subjects.has(job.subject) };
  }
  const named = state.getJob(key);
  return {
    // No other ID can contain a whole ID, so there is no need to search all jobs.
    candidates: named ? [named] : all,
    matches: (job) => job.id.includes(key) && (subject === undefined || job.subject === subject),
  };
}
