import { readFileSync } from 'node:fs';

/** Whether CHANGELOG.md announces a major version: `### Breaking changes` in its first section, Unreleased. */
export function announcesMajor(changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')): boolean {
  const [, unreleased = ''] = changelog.split(/^## /m);
  return unreleased.startsWith('Unreleased') && /^### Breaking changes$/m.test(unreleased);
}
