import type { GraphqlHandler } from './graphql.ts';

/** A handler that can be replaced. */
export interface ReplaceableHandler extends GraphqlHandler {
  /** Handles all further operations with `next`. Stops the previous handler when its operations have ended, or after `maxMs`. */
  replace(next: GraphqlHandler, maxMs: number): void;
}

export function createReplaceableHandler(first: GraphqlHandler): ReplaceableHandler {
  let current = first;
  const stopping = new Set<Promise<void>>();
  return {
    handle: (request, createContext) => current.handle(request, createContext),
    run: (parameters, options) => current.run(parameters, options),
    findDocument: (parameters, caller) => current.findDocument(parameters, caller),
    replace(next, maxMs) {
      const before = current;
      current = next;
      const stopped = before.stop(maxMs).finally(() => stopping.delete(stopped));
      stopping.add(stopped);
    },
    async stop(maxMs) {
      await Promise.all([current.stop(maxMs), ...stopping]);
    },
  };
}
