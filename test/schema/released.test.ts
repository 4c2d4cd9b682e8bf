import { readFileSync } from 'node:fs';
import { findBreakingChanges } from 'graphql';
import { describe, expect, test } from 'vitest';
import { printSdl, profiles, toProfile } from '../../src/graphql/type-definitions.ts';
import { announcesMajor } from '../package/changelog.ts';
import { buildFromSdl } from './schema.ts';

// The contract of the last release. At a release: npm run --silent schema > test/schema/released.graphql
const released = readFileSync(new URL('released.graphql', import.meta.url), 'utf8');
const breaksBy = (sdl: string, before = released) =>
  findBreakingChanges(buildFromSdl(before), buildFromSdl(sdl)).map(({ description }) => description);

describe('since the last release', () => {
  test.each(profiles)('no change of the profile %s breaks a client, or CHANGELOG.md announces a major version', (profile) => {
    if (!announcesMajor()) expect(breaksBy(printSdl(profile), toProfile(released, profile))).toEqual([]);
  });

  test.each([
    ['a field that goes', /".*"\n {2}vendorStatus: String\n/g, '', 'Job.vendorStatus was removed.'],
    ['a field that may be null now', / {2}name: String!/g, '  name: String', 'Job.name changed type from String! to String.'],
    ['an enum value that goes', /".*"\n {2}DRY_RUN_PASSED\n/g, '', 'DRY_RUN_PASSED was removed from enum type SuccessOutcome.'],
    [
      'an argument that must be given',
      /after: String$/gm,
      'after: String!',
      'Query.jobs arg after has changed type from String to String!.',
    ],
  ])('detects %s', (_what, before, after, complaint) => {
    const changed = released.replaceAll(before, after);
    expect(changed).not.toBe(released);
    expect(breaksBy(changed)).toContain(complaint);
  });
});
