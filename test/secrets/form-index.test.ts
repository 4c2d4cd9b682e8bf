import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/sandbox-kit/random.ts';
import { createFormIndex } from '../../src/secrets/form-index.ts';

describe('an index of forms', () => {
  test('finds every occurrence that a search for each form finds', () => {
    const random = createRandom(1);
    // Of few letters, so that forms overlap, repeat themselves, and begin alike.
    const textOf = (length: number): string => Array.from({ length }, () => 'ab'[random.integer(0, 1)]).join('');
    let total = 0;
    for (let round = 0; round < 200; round += 1) {
      const index = createFormIndex();
      const forms = new Set(Array.from({ length: random.integer(1, 30) }, () => textOf(random.integer(4, 24))));
      for (const text of forms) index.add({ text, isBase64: false });
      const text = `${textOf(random.integer(0, 40))}${random.pick([...forms])}${textOf(random.integer(0, 40))}`;
      const expected = [...forms].flatMap((form) => placesOf(form, text).map((start) => `${start} ${form}`));
      expect(
        index
          .find(text)
          .map(({ start, form }) => `${start} ${form.text}`)
          .sort(),
      ).toEqual(expected.sort());
      expect(index.has(text)).toBe(true);
      total += expected.length;
    }
    expect(total).toBeGreaterThan(1_000);
  });

  test('finds nothing in a shorter text, or in one that only starts or ends like a form', () => {
    const index = createFormIndex();
    for (const text of ['abcd', 'session-0123456789']) index.add({ text, isBase64: false });
    for (const text of ['', 'abc', 'bcd', 'session-012345678', 'ession-0123456789']) {
      expect(index.has(text)).toBe(false);
      expect(index.find(text)).toEqual([]);
    }
  });
});

function placesOf(form: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) places.push(at);
  return places;
}
