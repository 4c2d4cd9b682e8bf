/** The periods that a list is limited to, by when its rows were created. */
export const periods = [
  ['1h', 'Last hour'],
  ['24h', 'Last 24 h'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['all', 'Any time'],
] as const;

/** A period, or a time, in a sentence. */
export function describeSince(since: string): string {
  const period = periods.find(([value]) => value === since);
  return period ? period[1].toLowerCase() : `from ${since}`;
}
