import type { WithSandboxes } from '../start.ts';

/** An operation whose caller can go away. */
export interface Abandonable {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of whatever the test asked for
  answer: Promise<any>;
  isOver(): boolean;
  /** Hangs up; done when that is so. */
  leave(): Promise<void>;
}

/** Posts an operation with the variable `ids`. */
export function post({ origin }: Pick<WithSandboxes, 'origin'>, query: string, ids: readonly string[]): Abandonable {
  const gone = new AbortController();
  let isOver = false;
  const answer = fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { ids } }),
    signal: gone.signal,
  })
    .then((response) => response.json())
    .finally(() => {
      isOver = true;
    });
  return {
    answer,
    isOver: () => isOver,
    async leave() {
      gone.abort();
      await answer.catch(() => {});
    },
  };
}
