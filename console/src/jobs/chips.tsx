import type { ReactElement } from 'react';
import type { JobStatus } from '../api/generated/graphql.ts';
import { Icon } from '../ui/icon.tsx';
import { jobLooks, jobStatuses } from '../ui/status.ts';
import type { ViewProps } from './heading.tsx';

/** One chip per status, several at a time. */
export function Chips({ view, onView }: Omit<ViewProps, 'jobs'>): ReactElement {
  const toggle = (status: JobStatus): void => {
    const next = view.statuses.includes(status) ? view.statuses.filter((one) => one !== status) : [...view.statuses, status];
    onView({ ...view, statuses: jobStatuses.filter((one) => next.includes(one)) });
  };
  return (
    <fieldset className="chips">
      <legend className="visually-hidden">Status</legend>
      <button type="button" className="chip" aria-pressed={view.statuses.length === 0} onClick={() => onView({ ...view, statuses: [] })}>
        All
      </button>
      {jobStatuses.map((status) => (
        <button type="button" key={status} className="chip" aria-pressed={view.statuses.includes(status)} onClick={() => toggle(status)}>
          <Icon name={jobLooks[status].icon} className={`tone-${jobLooks[status].tone}`} />
          {jobLooks[status].label}
        </button>
      ))}
    </fieldset>
  );
}
