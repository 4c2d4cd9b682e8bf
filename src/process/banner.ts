import type { AccessSettings } from '../access/authenticate.ts';
import type { SystemConfig } from '../config/systems.ts';

export interface BannerFacts {
  origin: string;
  /** Where the store is, as an operator names it. */
  store: string;
  access: AccessSettings;
  systems: readonly Pick<SystemConfig, 'id' | 'vendor' | 'url'>[];
  /** Whether the systems are sandboxes. */
  isSandbox: boolean;
}

/** What a start shows: where Jobyard is, and a first query that works as it stands, but for the caller's own key. */
export function toBanner({ origin, store, access, systems, isSandbox }: BannerFacts): string {
  const systemLines = systems.map(({ id, vendor, url }) => `  ${id.padEnd(14)} ${vendor.title}${isSandbox ? ' sandbox' : ''} at ${url}`);
  return `Jobyard
  GraphQL     ${origin}/graphql
  Playground  ${origin}/
  Store       ${store}
${access ? '' : 'No access is configured: everybody on this machine may do everything. It listens on loopback only.\n'}Systems
${systemLines.join('\n')}
Try
  curl -s ${origin}/graphql -H 'content-type: application/json'${credentialOf(access)} -d '{"query":"{ jobs(first: 3) { nodes { id name status } complete } }"}'
Stop with Ctrl-C

`;
}

function credentialOf(access: AccessSettings): string {
  if (!access) return '';
  return access.apiKeys.length > 0 ? " -H 'x-api-key: YOUR_KEY'" : " -H 'authorization: Bearer YOUR_TOKEN'";
}
