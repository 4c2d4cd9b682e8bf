import type { GraphqlHandler } from './graphql.ts';

/** A handler that another can take the place of. */
export interface ReplaceableHandler extends GraphqlHandler {
  /** What comes from now on is handled by `next`. The one before is stopped when what it handles has ended, or after `longestMs`. */
  replace(next: GraphqlHandler, longestMs: number): void;
}

export function createReplaceableHandler(first: GraphqlHandler): ReplaceableHandler {
  let current = first;
  const stopping = new Set<Promise<void>>();
  return {
    handle: (request, createContext) => current.handle(request, createContext),
    run: (parameters, options) => current.run(parameters, options),
    fillIn: (parameters) => current.fillIn(parameters),
    replace(next, longestMs) {
      const before = current;
      current = next;
      const stopped = before.stop(longestMs).finally(() => stopping.delete(stopped));
      stopping.add(stopped);
    },
    async stop(longestMs) {
      await Promise.all([current.stop(longestMs), ...stopping]);
    },
  };
}
