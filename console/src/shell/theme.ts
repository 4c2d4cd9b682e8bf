import { createKeptStore } from '../store.ts';

/** `system`: as the system prefers. public/theme.js applies it before the first paint. */
export type Theme = 'light' | 'dark' | 'system';

export const theme = createKeptStore<Theme>('theme', 'system', (text) => (text === 'light' || text === 'dark' ? text : null));

theme.subscribe(() => {
  const value = theme.get();
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
});

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function isDark(value: Theme): boolean {
  return value === 'system' ? prefersDark.matches : value === 'dark';
}
