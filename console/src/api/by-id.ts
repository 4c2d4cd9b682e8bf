import type { TypedDocumentString } from './generated/graphql.ts';

// Documents are sent by the ID that Jobyard knows them by. A Jobyard of another version may not know it: then the text follows.

/** The ID of a document in the console's manifest. Null: it has none. */
export function toDocumentId({ __meta__: facts }: Pick<TypedDocumentString<never, never>, '__meta__'>): string | null {
  const hash: unknown = facts?.hash;
  return typeof hash === 'string' ? hash : null;
}

/** Whether errors of a response say that Jobyard doesn't know the ID. */
export function isUnknownId(errors: unknown): boolean {
  return Array.isArray(errors) && errors.some((error) => error?.extensions?.code === 'DOCUMENT_NOT_FOUND');
}

/** A `fetch` for urql that sends the ID in the place of the text. */
export function fetchById(id: string | null, send: typeof fetch): typeof fetch {
  if (id === null) return send;
  return async (input, init) => {
    const { query: _text, ...parameters } = JSON.parse(String(init?.body));
    const response = await send(input, { ...init, body: JSON.stringify({ ...parameters, documentId: id }) });
    if (response.status !== 400) return response;
    const { errors } = await response.clone().json();
    return isUnknownId(errors) ? send(input, init) : response;
  };
}
