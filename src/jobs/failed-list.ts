import type { ListSource } from './adapter.ts';
import { fail, type Problem } from './problem.ts';

/** A list that can't be read. */
export function createFailedList(name: string, problem: Problem): ListSource {
  return { name, order: { by: 'FIXED' }, exact: true, numbered: true, isUnreadable: true, readPage: async () => fail(problem) };
}
