import type { Store } from '../src/store/store.ts';

/** The rows of a statement. */
export type AnswerStatement = (text: string) => Promise<object[]>;

/** A store in use, without a database: `answer` has the rows of every statement, and nothing else can be done with it. */
export function createAnsweringStore(answer: AnswerStatement): Store {
  const fail = async () => {
    throw new Error('This store answers statements only.');
  };
  return {
    isShared: false,
    opened: new Promise(() => {}),
    isUp: () => true,
    async whenOpen() {},
    aheadMs: () => 0,
    resume() {},
    // Which rows a statement has is known to its caller only.
    query: async <Row extends object>(text: string) => (await answer(text)) as Row[],
    transaction: fail,
    listen: async () => async () => {},
    async notify() {},
    async close() {},
  };
}
