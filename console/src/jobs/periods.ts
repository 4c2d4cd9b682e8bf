/** The periods that a list is limited to, by when its rows were created. */
export const periods = [
  ['1h', 'Last hour'],
  ['24h', 'Last 24 h'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['all', 'Any time'],
] as const;

interface Limits {
  /** `24h`, `7d`, or a time. `all`: no limit. */
  since: string;
  until: string | null;
}

/** `last 24 h`, `from 2026-11-29`, `last 7 days until 2026-11-29`. Null: no limit. */
export function describeLimits({ since, until }: Limits): string | null {
  const parts = [since === 'all' ? '' : describeSince(since), until === null ? '' : `until ${until}`];
  const text = parts.filter((part) => part !== '').join(' ');
  return text === '' ? null : text;
}

/** The limits of jobs, behind them: `created in the last 24 h`, `created from 2026-11-29`. Null: no limit. */
export function describeCreated(limits: Limits): string | null {
  const text = describeLimits(limits);
  return text && `created ${text.startsWith('last ') ? 'in the ' : ''}${text}`;
}

function describeSince(since: string): string {
  const known = periods.find(([value]) => value === since);
  if (known) return known[1].toLowerCase();
  const period = /^(\d+)([hd])$/.exec(since);
  if (!period) return `from ${since}`;
  const [, number, unit] = period;
  return `last ${number} ${unit === 'h' ? 'h' : number === '1' ? 'day' : 'days'}`;
}
