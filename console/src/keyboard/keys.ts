import { useEffect, useRef } from 'react';
import { createKeptStore } from '../store.ts';

/** Every key of the console. `combination`: as the user types it. */
export const keys = {
  search: { combination: '/', label: 'Go to a job or a page' },
  down: { combination: 'j', label: 'Next row' },
  up: { combination: 'k', label: 'Previous row' },
  select: { combination: 'x', label: 'Select the row' },
  selectRange: { combination: 'X', label: 'Select all rows up to this one' },
  selectAll: { combination: 'a', label: 'Select all loaded rows' },
  cancel: { combination: 'c', label: 'Cancel' },
  pause: { combination: 'p', label: 'Pause' },
  resume: { combination: 'r', label: 'Resume' },
  copy: { combination: 'y', label: 'Copy the ID' },
  update: { combination: 'u', label: 'Update the list' },
  zone: { combination: 't', label: 'Local time or UTC' },
  toList: { combination: '[', label: 'Focus the list' },
  toDrawer: { combination: ']', label: 'Focus the results' },
  overview: { combination: 'g o', label: 'Overview' },
  jobs: { combination: 'g j', label: 'Jobs' },
  bulk: { combination: 'g b', label: 'Bulk' },
  systems: { combination: 'g s', label: 'Systems' },
  audit: { combination: 'g a', label: 'Audit' },
  help: { combination: '?', label: 'All keys' },
  escape: { combination: 'Escape', label: 'Close, then deselect' },
} as const;

export type KeyName = keyof typeof keys;
const names = Object.keys(keys) as KeyName[];

/** The keys that the user turned off: their names, separated by spaces. */
export const keysOff = createKeptStore<string>('keys-off', '', (text) => text);

export function isOff(off: string, name: KeyName): boolean {
  return off.split(' ').includes(name);
}

export function toggleKey(name: KeyName): void {
  const off = new Set(keysOff.get().split(' ').filter(Boolean));
  if (!off.delete(name)) off.add(name);
  keysOff.set([...off].join(' '));
}

type Handler = () => void;
const handlers = new Map<KeyName, Handler[]>();
/** The time after `g` for the second key. */
const sequenceMs = 3_000;
let prefix: { key: string; atMs: number } | null = null;

/** Whether the event belongs to a field, a menu, or a dialog, which have keys of their own. */
function isTaken({ target, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable], [role="menu"]')) return true;
  return document.querySelector('[role="dialog"]') !== null;
}

document.addEventListener('keydown', (event) => {
  if (isTaken(event)) return;
  const sequence = prefix && event.timeStamp - prefix.atMs < sequenceMs ? `${prefix.key} ${event.key}` : event.key;
  prefix = event.key === 'g' ? { key: 'g', atMs: event.timeStamp } : null;
  const name = names.find((candidate) => keys[candidate].combination === sequence);
  // The latest handler is that of the innermost part of the page.
  const handler = name && !isOff(keysOff.get(), name) ? handlers.get(name)?.at(-1) : undefined;
  if (!handler) return;
  event.preventDefault();
  handler();
});

/** Handles a key while the component is shown. Null: the component doesn't take it now. */
export function useKey(name: KeyName, handler: Handler | null): void {
  const latest = useRef(handler);
  latest.current = handler;
  const isActive = handler !== null;
  useEffect(() => {
    if (!isActive) return;
    const own: Handler = () => latest.current?.();
    handlers.set(name, [...(handlers.get(name) ?? []), own]);
    return () => {
      handlers.set(
        name,
        (handlers.get(name) ?? []).filter((other) => other !== own),
      );
    };
  }, [name, isActive]);
}
