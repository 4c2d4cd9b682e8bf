import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';

export interface SubgraphSdl {
  name: string;
  sdl: string;
  url?: string;
}

export interface Composition {
  supergraphSdl: string | null;
  errors: string[];
  /** Remarks on schemas that fit together. The Guild's library makes none. */
  hints: string[];
}

export type Compose = (subgraphs: readonly SubgraphSdl[]) => Composition;

/** Both libraries that registries and gateways use. */
export const composers: { library: string; compose: Compose }[] = [
  {
    library: '@apollo/composition',
    compose(subgraphs) {
      const { supergraphSdl, errors, hints } = composeWithApollo(subgraphs.map(toService));
      return {
        supergraphSdl: supergraphSdl ?? null,
        errors: errors?.map(describeError) ?? [],
        hints: hints?.map(({ definition, message }) => `${definition.code}: ${message}`) ?? [],
      };
    },
  },
  {
    library: '@theguild/federation-composition',
    compose(subgraphs) {
      const { supergraphSdl, errors } = composeWithGuild(subgraphs.map(toService));
      return { supergraphSdl: supergraphSdl ?? null, errors: errors?.map(describeError) ?? [], hints: [] };
    },
  },
];

/** Composes the supergraph. Throws if the subgraphs can't be composed. */
export function composeOrThrow(compose: Compose, subgraphs: readonly SubgraphSdl[]): string {
  const { supergraphSdl, errors } = compose(subgraphs);
  if (supergraphSdl === null) throw new Error(errors.join('\n'));
  return supergraphSdl;
}

function toService({ name, sdl, url = `http://${name}.example/graphql` }: SubgraphSdl) {
  return { name, url, typeDefs: parse(sdl) };
}

function describeError({ message, extensions }: { message: string; extensions: Record<string, unknown> }): string {
  return `${extensions.code}: ${message}`;
}
