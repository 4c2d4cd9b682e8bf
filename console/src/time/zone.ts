import { createKeptStore, useStore } from '../store.ts';

/** Whether times are shown in the browser's zone or in UTC. */
export type Zone = 'local' | 'utc';

export const zone = createKeptStore<Zone>('zone', 'local', (text) => (text === 'local' || text === 'utc' ? text : null));

export const useZone = (): Zone => useStore(zone);

/** The short name of the zone, such as UTC+1. */
export function nameZone(shown: Zone, atMs: number): string {
  if (shown === 'utc') return 'UTC';
  const part = new Intl.DateTimeFormat('en-US', { timeZoneName: 'shortOffset' })
    .formatToParts(atMs)
    .find(({ type }) => type === 'timeZoneName');
  return (part?.value ?? '').replace('GMT', 'UTC');
}
