import { Popover } from '@base-ui/react/popover';
import { type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { actionWords } from '../ui/status.ts';
import { clearView, defaultSince, isNarrowed, type JobsView } from './address.ts';
import type { ViewProps } from './heading.tsx';
import type { JobsState } from './jobs-state.ts';

const typingMs = 300;

/** The conditions of the list. Narrow screens show them in a sheet. */
export function Filters({ jobs, view, onView }: ViewProps): ReactElement {
  const all = useStore(systems).systems;
  const choices = useFacets(jobs);
  const systemChoices = all.length > 0 ? all.map(({ id, title }) => ({ value: id, label: title })) : choices.systems;
  return (
    <search className="filters">
      <TextFilter view={view} onView={onView} />
      <ListFilter
        label="System"
        chosen={view.systems}
        choices={systemChoices}
        onChange={(values) => onView({ ...view, systems: values })}
      />
      <ListFilter label="Type" isOpenEnded chosen={view.types} choices={choices.types} onChange={(types) => onView({ ...view, types })} />
      <ListFilter
        label="Owner"
        isOpenEnded
        chosen={view.owners}
        choices={choices.owners}
        onChange={(owners) => onView({ ...view, owners })}
      />
      <ListFilter
        label="Scope"
        isOpenEnded
        chosen={view.scopes}
        choices={choices.scopes}
        onChange={(scopes) => onView({ ...view, scopes })}
      />
      <PeriodFilter view={view} onView={onView} />
      {view.can !== null && (
        <span className="filter-chip">
          Can {actionWords[view.can].verb.toLowerCase()}
          <Button kind="bare" icon="close" label="Remove this condition" onClick={() => onView({ ...view, can: null })} />
        </span>
      )}
      <span className="spacer" />
      {(isNarrowed(view) || view.since !== defaultSince) && (
        <button type="button" className="link" onClick={() => onView(clearView(view))}>
          Clear
        </button>
      )}
    </search>
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

interface Choice {
  value: string;
  label: string;
}

interface ListFilterProps {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  /** Whether values beyond the choices can be typed. */
  isOpenEnded?: boolean;
  onChange: (values: readonly string[]) => void;
}

function ListFilter({ label, chosen, choices, isOpenEnded = false, onChange }: ListFilterProps): ReactElement {
  const [typed, setTyped] = useState('');
  const known = new Set(choices.map(({ value }) => value));
  const all = [...choices, ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))];
  const matching = all.filter((choice) => choice.label.toLowerCase().includes(typed.toLowerCase()));
  const toggle = (value: string): void => onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const summary = chosen.length === 1 ? (all.find(({ value }) => value === chosen[0])?.label ?? '') : String(chosen.length);
  return (
    <FilterPopover label={label} summary={chosen.length === 0 ? null : summary} onClear={() => onChange([])}>
      {isOpenEnded && (
        <form
          className="add-value"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() !== '' && !chosen.includes(typed.trim())) onChange([...chosen, typed.trim()]);
            setTyped('');
          }}
        >
          <input aria-label={`${label} to add`} placeholder="Find or add" value={typed} onChange={({ target }) => setTyped(target.value)} />
        </form>
      )}
      <div className="choices">
        {matching.slice(0, 200).map((choice) => (
          <label key={choice.value}>
            <input type="checkbox" checked={chosen.includes(choice.value)} onChange={() => toggle(choice.value)} />
            <span>{choice.label}</span>
          </label>
        ))}
        {matching.length === 0 && <p className="hint">{typed === '' ? 'None in the loaded rows.' : `Press Enter to add “${typed}”.`}</p>}
      </div>
    </FilterPopover>
  );
}

interface FilterPopoverProps {
  label: string;
  /** What is chosen. Null: nothing. */
  summary: string | null;
  onClear: () => void;
  children: ReactNode;
}

function FilterPopover({ label, summary, onClear, children }: FilterPopoverProps): ReactElement {
  const id = useId();
  return (
    <span className={summary === null ? 'filter' : 'filter chosen'}>
      <Popover.Root>
        <Popover.Trigger className="button plain" id={id}>
          {label}
          {summary !== null && <strong>{summary}</strong>}
          {summary === null && <Icon name="down" />}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={4} align="start" className="positioner">
            <Popover.Popup className="popover" aria-labelledby={id}>
              {children}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {summary !== null && <Button kind="bare" icon="close" label={`Clear ${label.toLowerCase()}`} onClick={onClear} />}
    </span>
  );
}

const periods = [
  ['1h', 'Last hour'],
  ['24h', 'Last 24 h'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['all', 'Any time'],
] as const;

export function describeSince(since: string): string {
  const period = periods.find(([value]) => value === since);
  return period ? period[1].toLowerCase() : `from ${since}`;
}

function PeriodFilter({ view, onView }: Omit<ViewProps, 'jobs'>): ReactElement {
  const isAny = view.since === 'all' && view.until === null;
  const summary = isAny ? null : `${view.since === 'all' ? '' : describeSince(view.since)}${view.until ? ` until ${view.until}` : ''}`;
  return (
    <FilterPopover label="Created" summary={summary} onClear={() => onView({ ...view, since: 'all', until: null })}>
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

interface Facets {
  systems: readonly Choice[];
  types: readonly Choice[];
  owners: readonly Choice[];
  scopes: readonly Choice[];
}

/** The values of the loaded rows. */
function useFacets({ list, rows }: JobsState): Facets {
  const { order } = useStore(list.state);
  const jobs = order.flatMap((id) => rows.get(id)?.job ?? []);
  const collect = (read: (job: (typeof jobs)[number]) => string | null): Choice[] =>
    [...new Set(jobs.flatMap((job) => read(job) ?? []))].sort().map((value) => ({ value, label: value }));
  const titles = new Map(jobs.map(({ system }) => [system.id, system.title]));
  return {
    systems: Array.from(titles, ([value, label]) => ({ value, label })),
    types: collect(({ type }) => type),
    owners: collect(({ owner }) => owner),
    scopes: collect(({ scope }) => scope),
  };
}

export type { JobsView };
