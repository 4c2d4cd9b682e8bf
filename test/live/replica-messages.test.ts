import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMessage, groupEntries } from '../../src/live/replica-messages.ts';

/** The maximum size of a notification in the store. */
const maxMessageBytes = 7_500;

test('entries are grouped into the fewest messages, in their order', () => {
  const text = fc.tuple(fc.constantFrom('a', 'ä', '€'), fc.integer({ min: 0, max: 2_000 }));
  const entry = text.map(([character, length]) => JSON.stringify(character.repeat(length)));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
      const groups = groupEntries(entries);
      expect(groups.flat()).toEqual(entries);
      const sizeOf = (group: readonly string[]): number => Buffer.byteLength(formatMessage('12345678', 'known', group));
      for (const [index, group] of groups.entries()) {
        expect(sizeOf(group)).toBeLessThanOrEqual(maxMessageBytes);
        const [next] = groups[index + 1] ?? [];
        // Nearly: what is left over by the frame of a message.
        if (next !== undefined) expect(sizeOf([...group, next])).toBeGreaterThan(maxMessageBytes - 50);
      }
    }),
  );
});
