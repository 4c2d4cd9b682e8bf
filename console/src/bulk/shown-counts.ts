import type { CountsFragment } from '../api/generated/graphql.ts';

/** The items by status, as they are shown: the API counts items that were never sent as failed. */
export interface ShownCounts extends CountsFragment {
  notSent: number;
  /** Failed or not sent: which, isn't known. */
  undecided: number;
}

/**
 * Tells the unsent items of the operation, or of one of its systems, from the failed ones. The API counts outcomes only for a whole operation.
 * `notSent`: of the whole operation; null: not known.
 */
export function toShownCounts(counts: CountsFragment, operation: CountsFragment, notSent: number | null): ShownCounts {
  const shown = { ...counts, notSent: 0, undecided: 0 };
  if (counts.failed === 0 || notSent === 0) return shown;
  if (notSent === operation.failed) return { ...shown, failed: 0, notSent: counts.failed };
  if (notSent === null || counts.failed !== operation.failed) return { ...shown, failed: 0, undecided: counts.failed };
  return { ...shown, failed: counts.failed - notSent, notSent };
}

/** Null: not known yet. */
export function countProcessed({ selected, pending, notSent, undecided }: ShownCounts): number | null {
  return undecided > 0 ? null : selected - pending - notSent;
}

/** The parts of an operation's bar. */
export function toParts({ succeeded, failed, undecided, notSent, unknown }: ShownCounts) {
  return [
    { key: 'succeeded', tone: 'succeeded', count: succeeded },
    { key: 'failed', tone: 'failed', count: failed },
    { key: 'unknown', tone: 'unknown', count: unknown },
    { key: 'undecided', tone: 'neutral', count: undecided },
    { key: 'not-sent', tone: 'not-sent', count: notSent },
  ];
}
