import type { ApolloServerPlugin } from '@apollo/server';

/** What a caller got wrong before anything was executed; by Apollo Server's codes. */
const refusals: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** The status of a document that is refused before it is executed, for a client with this `Accept`. */
export function statusOfRefusal(accept: string | undefined): 400 | 200 {
  // A client of event streams takes any 200 for one.
  return takesGraphqlResponse(accept) || accept?.includes('text/event-stream') ? 400 : 200;
}

/** Whether the client takes the media type of GraphQL over HTTP. */
export function takesGraphqlResponse(accept: string | undefined): boolean {
  return accept?.includes('application/graphql-response+json') ?? false;
}

/**
 * GraphQL over HTTP's status of a refused operation: 400 for who takes application/graphql-response+json, 200 for who takes
 * only application/json, where other statuses may be a proxy's. For the graphql-http audits 572B, FDE2 and 7B9B (Apollo Server
 * says 400 to both), and for refusals by plugins (Apollo Server says 500). 429 where the caller has to wait.
 */
export const responseStatusPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response: { body, http } }) {
        if (body.kind !== 'single' || body.singleResult.data !== undefined) return;
        const limited = body.singleResult.errors?.find(({ extensions }) => extensions?.code === 'RATE_LIMITED');
        if (limited) {
          http.status = 429;
          http.headers.set('retry-after', String(limited.extensions?.retryAfterSeconds));
          return;
        }
        if (!body.singleResult.errors?.every(({ extensions }) => refusals.has(extensions?.code))) return;
        http.status = statusOfRefusal(request.http?.headers.get('accept'));
      },
    };
  },
};
