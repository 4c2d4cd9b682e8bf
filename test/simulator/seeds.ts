import { readFileSync } from 'node:fs';

/** Seeds whose worlds once broke a rule: lived through first, always. */
export function readSeeds(): number[] {
  const text = readFileSync(new URL('seeds.txt', import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    const seed = /^\d+/.exec(line)?.[0];
    return seed === undefined ? [] : [Number(seed)];
  });
}
