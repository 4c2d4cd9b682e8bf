import type { ReactElement } from 'react';
import { createStore, useStore } from '../store.ts';

const announcement = createStore('');
/** Arrivals are told at most this often. */
const pauseMs = 10_000;
let lastArrivalMs = 0;

/** Tells screen readers at once. */
export function announce(text: string): void {
  announcement.set(text);
}

/** Tells screen readers what arrived, at most every 10 seconds. */
export function announceArrival(text: string): void {
  if (Date.now() - lastArrivalMs < pauseMs) return;
  lastArrivalMs = Date.now();
  announcement.set(text);
}

/** The region that screen readers read. */
export function Announcements(): ReactElement {
  const text = useStore(announcement);
  return (
    <div role="status" className="visually-hidden">
      {text}
    </div>
  );
}
