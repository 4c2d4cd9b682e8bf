import type { ApolloServerPlugin } from '@apollo/server';

/** Apollo Server's error codes for what a caller got wrong before execution. */
const rejectionCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** The status of a document that is rejected before execution, for a client with this `Accept`. */
export function statusOfRejection(accept: string | undefined): 400 | 200 {
  // A client of event streams considers any 200 a stream.
  return takesGraphqlResponse(accept) || accept?.includes('text/event-stream') ? 400 : 200;
}

/** Whether the client accepts the media type of GraphQL over HTTP. */
export function takesGraphqlResponse(accept: string | undefined): boolean {
  return accept?.includes('application/graphql-response+json') ?? false;
}

/**
 * The status of a rejected operation according to GraphQL over HTTP: 400 for clients that accept application/graphql-response+json, 200 for
 * those that only accept application/json, where another status may come from a proxy. For the graphql-http audits 572B, FDE2, and 7B9B
 * (Apollo Server returns 400 to both), and for rejections by plugins (Apollo Server returns 500). 429 if the caller must wait.
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
        if (!body.singleResult.errors?.every(({ extensions }) => rejectionCodes.has(extensions?.code))) return;
        http.status = statusOfRejection(request.http?.headers.get('accept'));
      },
    };
  },
};
