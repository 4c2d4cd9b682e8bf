export type { Target } from './target.ts';

import { createKeys, toCallers } from '../keys.ts';
import { jobyard, jobyardCheckout, jobyardTwice } from './jobyard/target.ts';
import { mesh, meshNative } from './mesh/target.ts';
import { ownServer, type Target } from './target.ts';

const at = (path: string): URL => new URL(path, import.meta.url);

const callers = toCallers(createKeys());

export const targets: readonly Target[] = [
  ownServer('limit', 'the limit: node:http + undici, no GraphQL', at('limit/main.ts')),
  jobyard,
  ownServer('apollo-fetch', 'Apollo Server, one fetch per id', at('apollo-fetch/main.ts')),
  ownServer('apollo-dataloader', 'Apollo Server + DataLoader', at('apollo-dataloader/main.ts')),
  ownServer('yoga', 'GraphQL Yoga + DataLoader', at('yoga/main.ts')),
  ownServer('mercurius', 'Mercurius + DataLoader', at('mercurius/main.ts')),
  ownServer('yoga-equal', 'GraphQL Yoga + DataLoader, with the duties of Jobyard', at('yoga-equal/main.ts'), callers),
  ownServer('mercurius-equal', 'Mercurius + DataLoader, with the duties of Jobyard', at('mercurius-equal/main.ts'), callers),
  mesh,
  meshNative,
  jobyardCheckout,
  jobyardTwice,
];

/** What `npm run bench` measures when no target is named. */
export const defaultTargets = [
  'limit',
  'jobyard',
  'apollo-fetch',
  'apollo-dataloader',
  'yoga',
  'mercurius',
  'yoga-equal',
  'mercurius-equal',
  'mesh',
  'mesh-native',
];
