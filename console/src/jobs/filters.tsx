import { type ReactElement, useEffect, useRef, useState } from 'react';
import { nowMs } from '../api/clock.ts';
import type { JobCountDimension } from '../api/generated/graphql.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { type Choice, FilterPopover, ListFilter } from '../ui/filter-popover.tsx';
import { Icon } from '../ui/icon.tsx';
import { actionWords } from '../ui/status.ts';
import { clearView, isNarrowed, type JobsView, toFilter } from './address.ts';
import { readFacet } from './counts.ts';
import type { ViewProps } from './heading.tsx';
import { describeLimits, periods } from './periods.ts';

const typingMs = 300;

/** The conditions of the list. Narrow screens show them in a sheet. */
export function Filters({ jobs, view, onView }: ViewProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  const conditions = <Conditions jobs={jobs} view={view} onView={onView} />;
  return (
    <search className="filters">
      <TextFilter view={view} onView={onView} />
      <Button icon="filter" className="filters-button" onClick={() => setIsOpen(true)}>
        Filters
      </Button>
      {conditions}
      <span className="spacer" />
      <ClearAll view={view} onView={onView} />
      {isOpen && (
        <Dialog title="Filters" onClose={() => setIsOpen(false)}>
          <div className="filter-sheet">
            {conditions}
            <ClearAll view={view} onView={onView} />
          </div>
        </Dialog>
      )}
    </search>
  );
}

function ClearAll({ view, onView }: Omit<ViewProps, 'jobs'>): ReactElement | null {
  if (!isNarrowed(view)) return null;
  return (
    <button type="button" className="link" onClick={() => onView(clearView(view))}>
      Clear
    </button>
  );
}

function Conditions({ jobs, view, onView }: ViewProps): ReactElement {
  const all = useStore(systems).systems;
  const { systems: listed } = useStore(jobs.list.state);
  const known = all.length > 0 ? all : listed.map(({ system }) => system);
  const systemChoices = known.map(({ id, title }) => ({ value: id, label: title }));
  return (
    <>
      <ListFilter
        label="System"
        chosen={view.systems}
        choices={systemChoices}
        onChange={(values) => onView({ ...view, systems: values })}
      />
      <FacetFilter
        by="TYPE"
        label="Type"
        chosen={view.types}
        view={{ ...view, types: [] }}
        onChange={(types) => onView({ ...view, types })}
      />
      <FacetFilter
        by="OWNER"
        label="Owner"
        chosen={view.owners}
        view={{ ...view, owners: [] }}
        onChange={(owners) => onView({ ...view, owners })}
      />
      <FacetFilter
        by="SCOPE"
        label="Scope"
        chosen={view.scopes}
        view={{ ...view, scopes: [] }}
        onChange={(scopes) => onView({ ...view, scopes })}
      />
      <PeriodFilter view={view} onView={onView} />
      {view.can !== null && (
        <span className="filter-chip">
          Can {actionWords[view.can].verb.toLowerCase()}
          <Button kind="bare" icon="close" label="Remove this condition" onClick={() => onView({ ...view, can: null })} />
        </span>
      )}
    </>
  );
}

/** Typing replaces the address, so that Back leaves the text at once. */
function TextFilter({ view, onView }: Omit<ViewProps, 'jobs'>): ReactElement {
  const [text, setText] = useState(view.text);
  const latest = useRef({ view, onView });
  latest.current = { view, onView };
  useEffect(() => setText(view.text), [view.text]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const { view: present, onView: apply } = latest.current;
      if (text.trim() !== present.text) apply({ ...present, text: text.trim() }, true);
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="text-filter">
      <Icon name="search" />
      <input
        type="search"
        aria-label="Name or ID"
        placeholder="Name or id"
        maxLength={1000}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </div>
  );
}

function PeriodFilter({ view, onView }: Omit<ViewProps, 'jobs'>): ReactElement {
  return (
    <FilterPopover label="Created" summary={describeLimits(view)} onClear={() => onView({ ...view, since: 'all', until: null })}>
      <fieldset className="choices">
        <legend className="visually-hidden">Period</legend>
        {periods.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="period"
              checked={view.since === value}
              onChange={() => onView({ ...view, since: value, until: null })}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <div className="times">
        <label>
          From
          <input
            type="datetime-local"
            step="1"
            onChange={({ target }) => target.value && onView({ ...view, since: toIso(target.value) })}
          />
        </label>
        <label>
          Until
          <input
            type="datetime-local"
            step="1"
            onChange={({ target }) => onView({ ...view, until: target.value === '' ? null : toIso(target.value) })}
          />
        </label>
      </div>
    </FilterPopover>
  );
}

const toIso = (local: string): string => new Date(local).toISOString();

/** The values that occur, read when the condition is opened, with the conditions of the others. */
function FacetFilter({ by, label, chosen, view, onChange }: FacetFilterProps): ReactElement {
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const read = (): void => {
    void readFacet(by, toFilter(view, nowMs())).then(setChoices);
  };
  return <ListFilter label={label} isOpenEnded chosen={chosen} choices={choices} onOpen={read} onChange={onChange} />;
}

interface FacetFilterProps {
  by: JobCountDimension;
  label: string;
  chosen: readonly string[];
  /** The view without this condition. */
  view: JobsView;
  onChange: (values: readonly string[]) => void;
}
