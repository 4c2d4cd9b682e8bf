import type { Plugin } from 'vitest/config';

/** Replaces each `graphql` tag with the artifact that Relay's compiler generated for it, as babel-plugin-relay does. */
export function replaceGraphqlTags(): Plugin {
  return {
    name: 'replace-graphql-tags',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/test\/clients\/relay\/[\w-]+\.ts$/.test(id)) return null;
      const artifacts: string[] = [];
      const replaced = code.replaceAll(/graphql`\s*\w+ (\w+)[^`]*`/g, (_tag, name) => {
        artifacts.push(`import ${name}Artifact from '../generated/relay/${name}.graphql.ts';`);
        return `${name}Artifact`;
      });
      return { code: `${artifacts.join(' ')} ${replaced}`, map: null };
    },
  };
}
