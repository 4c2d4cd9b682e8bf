import { createHash } from 'node:crypto';
import type { Caller } from '../access/caller.ts';
import type { Limits } from '../config/limits.ts';
import type { GraphqlParameters } from './operation.ts';
import { hashOf } from './parameters.ts';
import type { PersistedQueries } from './persisted-queries.ts';

/** The parameters with their document, or why the caller can't execute it. */
export type FoundDocument =
  | { kind: 'found'; parameters: GraphqlParameters }
  | { kind: 'rejected'; status: 400 | 403; code: 'DOCUMENT_NOT_FOUND' | 'FORBIDDEN'; message: string };

/**
 * Finds the document of an operation by its `documentId` (GraphQL over HTTP, appendix A) or by the hash of an automatic persisted query.
 * With `limits.documents: trusted`, rejects any document that no manifest contains, unless the caller has the scope documents:any.
 */
export type FindDocument = (parameters: GraphqlParameters, caller: Caller) => FoundDocument;

/**
 * A document may be sent by the ID in its manifest, or by `sha256:` and the hash of its text. `ownManifests`: of Jobyard's own pages, trusted like
 * the configured ones, which come first.
 */
export function createFindDocument(
  { documents, documentManifests }: Limits,
  ownManifests: Limits['documentManifests'],
  { fillIn }: PersistedQueries,
): FindDocument {
  const byId = new Map([...ownManifests, ...documentManifests].flatMap((manifest) => Object.entries(manifest)));
  const trusted = new Set(byId.values());
  for (const document of trusted) byId.set(sha256IdOf(document), document);

  return (given, caller) => {
    const hash = hashOf(given);
    const id = given.documentId ?? (hash === null ? null : `sha256:${hash}`);
    const known = id === null ? undefined : byId.get(id);
    if (id !== null && known !== undefined) return { kind: 'found', parameters: { ...given, documentId: id, query: known } };
    if (given.documentId !== undefined) return notFound(given.documentId);
    const parameters = fillIn(given);
    // Apollo Server reports that the request has no document.
    const isNothing = parameters.query === undefined && id === null;
    if (documents === 'all' || isNothing || caller.may('documents:any')) return { kind: 'found', parameters };
    return parameters.query !== undefined && trusted.has(parameters.query) ? { kind: 'found', parameters } : untrusted;
  };
}

function sha256IdOf(document: string): string {
  return `sha256:${createHash('sha256').update(document).digest('hex')}`;
}

function notFound(documentId: string): FoundDocument {
  const message = `documentId: no manifest in limits.documentManifests contains the document "${documentId.slice(0, 100)}".`;
  return { kind: 'rejected', status: 400, code: 'DOCUMENT_NOT_FOUND', message };
}

const untrusted: FoundDocument = {
  kind: 'rejected',
  status: 403,
  code: 'FORBIDDEN',
  message:
    'The document is in no manifest, and Jobyard executes no others (limits.documents). Send the documentId of a known document, or use a key with the scope documents:any.',
};
