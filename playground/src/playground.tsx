import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { exampleOperations } from '../../src/graphql/example-operations.ts';
import { fetcher } from './fetcher.ts';
import { historyPlugin } from './history.tsx';
import { storage } from './storage.ts';

const plugins = [DOC_EXPLORER_PLUGIN, historyPlugin, explorerPlugin({ showAttribution: false })];
const exampleTabs = exampleOperations.map(({ query, variables }) => ({ query, variables: variables ?? null, headers: null }));

/** GraphiQL with Jobyard's examples as its first tabs. */
export function Playground() {
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      storage={storage}
      plugins={plugins}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultTabs={exampleTabs}
      inputValueDeprecation
      schemaDescription
      // In this tab of the browser only: see `storage`.
      shouldPersistHeaders
    >
      <HistoryStore>
        <DocExplorerStore>
          <GraphiQLInterface defaultEditorToolsVisibility showPersistHeadersSettings={false}>
            <GraphiQL.Logo>
              <h1>Jobyard</h1>
            </GraphiQL.Logo>
          </GraphiQLInterface>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
