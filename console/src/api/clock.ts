/** How much this machine's clock is behind Jobyard's, in milliseconds: `Date` has whole seconds, so smaller differences are ignored. */
let skewMs = 0;

const smallestSkewMs = 2_000;

/** Learns the difference from the `Date` of a response. */
export function noteDate(date: string | null): void {
  const served = Date.parse(date ?? '');
  if (Number.isNaN(served)) return;
  const difference = served - Date.now();
  skewMs = Math.abs(difference) < smallestSkewMs ? 0 : difference;
}

/** The time on Jobyard's clock, in epoch milliseconds. */
export function nowMs(): number {
  return Date.now() + skewMs;
}
