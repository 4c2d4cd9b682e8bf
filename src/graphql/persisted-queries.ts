import type { ApolloServerOptions } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { GraphqlParameters } from './operation.ts';
import { hashOf } from './parameters.ts';

type Cache = NonNullable<Exclude<ApolloServerOptions<never>['persistedQueries'], false | undefined>['cache']>;

/** The maximum number of characters of all kept documents. */
const maxCharacters = 30 * 1_048_576;

export interface PersistedQueries {
  /** The cache of documents for Apollo Server. */
  cache: Cache;
  /** Returns the parameters with their document, if they contain only the hash of a known one. */
  fillIn(parameters: GraphqlParameters): GraphqlParameters;
}

/** Keeps the documents of automatic persisted queries. */
export function createPersistedQueries(): PersistedQueries {
  const documents = new LRUCache<string, string>({ maxSize: maxCharacters, sizeCalculation: ({ length }) => Math.max(1, length) });
  return {
    cache: {
      get: async (key) => documents.get(key),
      set: async (key, document) => {
        documents.set(key, document);
      },
      delete: async (key) => documents.delete(key),
    },
    fillIn(parameters) {
      const hash = hashOf(parameters);
      // The prefix that Apollo Server uses.
      return hash === null ? parameters : { ...parameters, query: documents.get(`apq:${hash}`) };
    },
  };
}
