import type { ReactElement } from 'react';
import type { ActionOutcome, JobAction } from '../api/generated/graphql.ts';
import { periods } from '../jobs/periods.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { Button } from '../ui/button.tsx';
import { FilterPopover, ListFilter } from '../ui/filter-popover.tsx';
import { actionWords, jobActions, outcomeLooks } from '../ui/status.ts';
import { type AuditView, readAuditView, writeAuditView } from './filter.ts';

interface AuditFiltersProps {
  view: AuditView;
  onView: (view: AuditView) => void;
}

const actionChoices = jobActions.map((value) => ({ value, label: actionWords[value].verb }));
/** Two outcomes may have one label, which tells what to do, so the code follows. */
const outcomeChoices = (Object.keys(outcomeLooks) as ActionOutcome[])
  .filter((outcome) => outcome !== 'DRY_RUN_PASSED')
  .map((value) => ({ value, label: outcomeLooks[value].label, count: value.toLowerCase().replaceAll('_', ' ') }));

/** The conditions of the page Audit. */
export function AuditFilters({ view, onView }: AuditFiltersProps): ReactElement {
  const all = useStore(systems).systems.map(({ id, title }) => ({ value: id, label: title }));
  const singles = [
    ['Bulk operation', 'bulk'],
    ['Request', 'request'],
  ] as const;
  return (
    <search className="filters wraps">
      <ListFilter label="System" chosen={view.systems} choices={all} onChange={(chosen) => onView({ ...view, systems: chosen })} />
      <ListFilter
        label="Action"
        chosen={view.actions}
        choices={actionChoices}
        onChange={(chosen) => onView({ ...view, actions: jobActions.filter((action: JobAction) => chosen.includes(action)) })}
      />
      <ListFilter
        label="Result"
        chosen={view.outcomes}
        choices={outcomeChoices}
        onChange={(chosen) =>
          onView({ ...view, outcomes: outcomeChoices.map(({ value }) => value).filter((value) => chosen.includes(value)) })
        }
      />
      <ListFilter label="Who" isOpenEnded chosen={view.callers} choices={[]} onChange={(callers) => onView({ ...view, callers })} />
      <ListFilter label="Job" isOpenEnded chosen={view.jobs} choices={[]} onChange={(jobs) => onView({ ...view, jobs })} />
      <PeriodFilter view={view} onView={onView} />
      {singles.map(([label, name]) =>
        view[name] === null ? null : (
          <span key={name} className="filter-chip">
            {label} {view[name].slice(0, 8)}
            <Button kind="bare" icon="close" label={`Clear ${label.toLowerCase()}`} onClick={() => onView({ ...view, [name]: null })} />
          </span>
        ),
      )}
      <span className="spacer" />
      {writeAuditView(view) !== '' && (
        <button type="button" className="link" onClick={() => onView(readAuditView(''))}>
          Clear
        </button>
      )}
    </search>
  );
}

function PeriodFilter({ view, onView }: AuditFiltersProps): ReactElement {
  const label = periods.find(([value]) => value === view.since)?.[1].toLowerCase() ?? view.since;
  return (
    <FilterPopover label="When" summary={view.since === 'all' ? null : label} onClear={() => onView({ ...view, since: 'all' })}>
      <fieldset className="choices">
        <legend className="visually-hidden">Period</legend>
        {periods.map(([value, text]) => (
          <label key={value}>
            <input type="radio" name="period" checked={view.since === value} onChange={() => onView({ ...view, since: value })} />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
    </FilterPopover>
  );
}
