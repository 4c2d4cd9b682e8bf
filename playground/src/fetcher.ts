import { createGraphiQLFetcher } from '@graphiql/toolkit';

// Relative to the page, which is at / and at /playground, behind any prefix.
const url = new URL('graphql', document.baseURI).href;

/** Sends operations to this Jobyard, and subscriptions over WebSocket, with the headers of the editor as the parameters of the connection. */
export const fetcher = createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws'), enableIncrementalDelivery: false });
