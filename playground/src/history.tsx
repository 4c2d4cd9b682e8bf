import { HISTORY_PLUGIN, History } from '@graphiql/plugin-history';
import { type GraphiQLPlugin, pick, useGraphiQL } from '@graphiql/react';
import { useRef } from 'react';

/** GraphiQL's history. Its items have no headers: see `storage`. */
export const historyPlugin: GraphiQLPlugin = { ...HISTORY_PLUGIN, content: HistoryBesideHeaders };

/** Keeps the typed headers when the reader chooses an item: GraphiQL would replace them with the item's. */
function HistoryBesideHeaders() {
  const { headerEditor } = useGraphiQL(pick('headerEditor'));
  const headers = useRef('');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are the controls
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys click those buttons
    <div
      onClickCapture={() => {
        headers.current = headerEditor?.getValue() ?? '';
      }}
      onClick={() => {
        if (headerEditor && headerEditor.getValue() !== headers.current) headerEditor.setValue(headers.current);
      }}
    >
      <History />
    </div>
  );
}
