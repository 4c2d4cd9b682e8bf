import { type ReactElement, useState } from 'react';
import { shownRun } from '../actions/run.ts';
import type { JobStatus } from '../api/generated/graphql.ts';
import { useStore } from '../store.ts';
import { WithTooltip } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { jobLooks, jobStatuses } from '../ui/status.ts';
import { showCount, sumBuckets, whyInexact } from './count.ts';
import type { Counts } from './counts.ts';
import type { ViewProps } from './heading.tsx';
import { useIsNarrow } from './row-layout.ts';

/** Folded where there is little room. */
const rare: readonly JobStatus[] = ['SCHEDULED', 'PAUSED'];

interface ChipsProps extends Omit<ViewProps, 'jobs'> {
  counts: Counts | null;
}

/** One chip per status, several at a time. Their counts are those of the filter without statuses. */
export function Chips({ view, onView, counts }: ChipsProps): ReactElement {
  const [isUnfolded, setIsUnfolded] = useState(false);
  const hasDrawer = useStore(shownRun) !== null;
  const isNarrow = useIsNarrow() || hasDrawer;
  const shown = jobStatuses.filter((status) => !isNarrow || isUnfolded || !rare.includes(status) || view.statuses.includes(status));
  const toggle = (status: JobStatus): void => {
    const next = view.statuses.includes(status) ? view.statuses.filter((one) => one !== status) : [...view.statuses, status];
    onView({ ...view, statuses: jobStatuses.filter((one) => next.includes(one)) });
  };
  return (
    <fieldset className="chips">
      <legend className="visually-hidden">Status</legend>
      <Chip isOn={view.statuses.length === 0} label="All" counts={counts} status={null} onClick={() => onView({ ...view, statuses: [] })} />
      {shown.map((status) => (
        <Chip
          key={status}
          isOn={view.statuses.includes(status)}
          label={jobLooks[status].label}
          counts={counts}
          status={status}
          onClick={() => toggle(status)}
        />
      ))}
      {shown.length < jobStatuses.length && (
        <button type="button" className="chip" onClick={() => setIsUnfolded(true)}>
          {jobStatuses.length - shown.length} more <Icon name="down" />
        </button>
      )}
    </fieldset>
  );
}

interface ChipProps {
  label: string;
  /** Null: all statuses. */
  status: JobStatus | null;
  isOn: boolean;
  counts: Counts | null;
  onClick: () => void;
}

function Chip({ label, status, isOn, counts, onClick }: ChipProps): ReactElement {
  const buckets = counts?.buckets.filter((bucket) => status === null || bucket.status === status);
  const why = buckets ? whyInexact(buckets) : null;
  const look = status && jobLooks[status];
  const button = (
    <button type="button" className="chip" aria-pressed={isOn} onClick={onClick}>
      {look && <Icon name={look.icon} className={`tone-${look.tone}`} />}
      {label}
      {buckets && <strong>{showCount(sumBuckets(buckets))}</strong>}
    </button>
  );
  return why === null ? button : <WithTooltip text={why}>{button}</WithTooltip>;
}
