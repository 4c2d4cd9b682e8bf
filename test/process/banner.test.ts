import { expect, test } from 'vitest';
import { toBanner } from '../../src/process/banner.ts';
import { accessFor } from '../access/callers.ts';

const facts = { origin: 'http://127.0.0.1:4000', store: 'in memory', systems: [], isSandbox: false };

test('the first query names the header of an API key where access is configured', () => {
  expect(toBanner({ ...facts, access: accessFor({ ana: ['jobs:read'] }) })).toContain(
    "/graphql -H 'content-type: application/json' -H 'x-api-key: YOUR_KEY' -d",
  );
});

test('without access the first query has no credential, and the banner says who may do what', () => {
  const banner = toBanner({ ...facts, access: null });
  expect(banner).toContain("-H 'content-type: application/json' -d");
  expect(banner).toContain('No access is configured');
});
