import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJobId, isSystemId, parseJobId } from '../../src/jobs/job-id.ts';

const systemIds = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const vendorIds = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });

describe('a job id', () => {
  test('is parsed into the parts that it was formatted from, for any vendor ID', () => {
    fc.assert(
      fc.property(systemIds, vendorIds, (systemId, vendorId) => {
        expect(parseJobId(formatJobId({ systemId, vendorId }))).toEqual({ systemId, vendorId });
      }),
    );
  });

  test('is formatted into the same text after parsing, or is invalid', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-zA-Z0-9:-]{0,12}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const id = parseJobId(text);
        if (id) expect(formatJobId(id)).toBe(text);
        else expect(text).not.toMatch(/^[a-z][a-z0-9-]*:[\s\S]{1,1000}$/);
      }),
    );
  });

  test('ends its system at the first colon', () => {
    expect(parseJobId('kylin:a:b::c')).toEqual({ systemId: 'kylin', vendorId: 'a:b::c' });
    expect(parseJobId('kylin::')).toEqual({ systemId: 'kylin', vendorId: ':' });
  });

  test('keeps every character of the vendor ID', () => {
    for (const vendorId of ['9223372036854775807', '007', ' 1 ', 'A', 'ä/ö?#%', '1\n2', '\n']) {
      expect(parseJobId(`kylin:${vendorId}`)?.vendorId).toBe(vendorId);
    }
  });

  test.each([
    ['nothing', ''],
    ['no colon', 'kylin'],
    ['no system', ':1'],
    ['no vendor id', 'kylin:'],
    ['only a colon', ':'],
    ['a capital in the system', 'Kylin:1'],
    ['a digit first', '1kylin:1'],
    ['a hyphen first', '-kylin:1'],
    ['a space before', ' kylin:1'],
    ['a space before the colon', 'kylin :1'],
    ['a line break before the colon', 'kylin\n:1'],
    ['a character beyond ASCII in the system', 'kylïn:1'],
    ['a dot in the system', 'kylin.prod:1'],
    ['a slash in the system', 'kylin/jobs:1'],
    ['more than 1,000 characters', `kylin:${'1'.repeat(995)}`],
  ])('is rejected for %s', (_what, text) => {
    expect(parseJobId(text)).toBeNull();
  });

  test('may be 1,000 characters long', () => {
    expect(parseJobId(`kylin:${'1'.repeat(994)}`)?.vendorId).toHaveLength(994);
  });

  test('accepts the same system IDs as the configuration', () => {
    fc.assert(
      fc.property(fc.oneof(systemIds, fc.string()), (systemId) => {
        expect(isSystemId(systemId)).toBe(parseJobId(`${systemId}:1`)?.systemId === systemId);
      }),
    );
  });
});
