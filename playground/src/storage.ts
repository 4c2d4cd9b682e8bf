import type { Storage } from '@graphiql/toolkit';

const prefix = 'graphiql:';
const headers = `${prefix}headers`;
const tabs = `${prefix}tabState`;
/** What each tab of the browser has for itself. A new one begins with what the last one had, without headers. */
const perTab = new Set([tabs, headers, `${prefix}query`, `${prefix}variables`]);
/** JSON with the headers of each operation. */
const withHeaders = new Set([tabs, `${prefix}queries`, `${prefix}favorites`]);

/**
 * Where GraphiQL keeps its tabs, history, and settings: in `localStorage`, without headers, because they contain API keys. The headers of open
 * tabs are only in `sessionStorage`: they survive a reload, and end with the browser's tab.
 */
export const storage: Storage = {
  getItem: (key) => sessionStorage.getItem(key) ?? localStorage.getItem(key),
  setItem(key, value) {
    if (perTab.has(key)) sessionStorage.setItem(key, value);
    if (key !== headers) localStorage.setItem(key, withHeaders.has(key) ? withoutHeaders(value) : value);
  },
  removeItem(key) {
    sessionStorage.removeItem(key);
    localStorage.removeItem(key);
  },
  clear() {
    for (const area of [sessionStorage, localStorage]) for (const key of keysOf(area)) area.removeItem(key);
  },
  get length() {
    return keysOf(localStorage).length;
  },
};

function keysOf(area: globalThis.Storage): string[] {
  return Object.keys(area).filter((key) => key.startsWith(prefix));
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value: unknown) => (name === 'headers' ? undefined : value));
}
