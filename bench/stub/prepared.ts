import { generationText } from '../ids.ts';

const width = generationText(0).length;
const mark = '@'.repeat(width);
const secondMark = '#'.repeat(width);

/** A whole answer that is written once; only the generations of the ids in it change. */
export interface Prepared {
  withGenerations(first: number, second?: number): Buffer;
}

/** `text`: a whole answer with marks in the place of each generation. */
export function prepare(text: string): Prepared {
  const buffer = Buffer.from(text, 'latin1');
  const [first, second] = [createSlots(buffer, mark), createSlots(buffer, secondMark)];
  return {
    withGenerations(firstGeneration, secondGeneration = 0) {
      first.fill(firstGeneration);
      second.fill(secondGeneration);
      return buffer;
    },
  };
}

function createSlots(buffer: Buffer, sign: string): { fill(generation: number): void } {
  const places: number[] = [];
  for (let at = buffer.indexOf(sign); at >= 0; at = buffer.indexOf(sign, at + sign.length)) places.push(at);
  let current: number | null = null;
  return {
    fill(generation) {
      if (generation === current) return;
      const digits = Buffer.from(generationText(generation), 'latin1');
      for (const place of places) digits.copy(buffer, place);
      current = generation;
    },
  };
}

/** An id with a mark in the place of its generation, which starts at `at`. */
export function template(id: string, at: number, which: 'first' | 'second' = 'first'): string {
  return id.slice(0, at) + (which === 'first' ? mark : secondMark) + id.slice(at + width);
}
