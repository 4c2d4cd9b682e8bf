import { Popover } from '@base-ui/react/popover';
import { type ReactElement, type ReactNode, useId, useState } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** A value to filter by. `count`: how many rows have it, where that is known. */
export interface Choice {
  value: string;
  label: string;
  count?: string;
}

export interface ListFilterProps {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  /** Whether values beyond the choices can be typed. */
  isOpenEnded?: boolean;
  /** Called when the choices come in sight. */
  onOpen?: () => void;
  onChange: (values: readonly string[]) => void;
}

/** A condition with several values. */
export function ListFilter({ label, chosen, choices, isOpenEnded = false, onOpen, onChange }: ListFilterProps): ReactElement {
  const [typed, setTyped] = useState('');
  const known = new Set(choices.map(({ value }) => value));
  const all: readonly Choice[] = [...choices, ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))];
  const matching = all.filter((choice) => choice.label.toLowerCase().includes(typed.toLowerCase()));
  const toggle = (value: string): void => onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const summary = chosen.length === 1 ? (all.find(({ value }) => value === chosen[0])?.label ?? '') : String(chosen.length);
  return (
    <FilterPopover label={label} summary={chosen.length === 0 ? null : summary} onClear={() => onChange([])} {...(onOpen && { onOpen })}>
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
            {choice.count !== undefined && <small>{choice.count}</small>}
          </label>
        ))}
        {matching.length === 0 && <p className="hint">{typed === '' ? 'None.' : `Press Enter to add “${typed}”.`}</p>}
      </div>
    </FilterPopover>
  );
}

export interface FilterPopoverProps {
  label: string;
  /** What is chosen. Null: nothing. */
  summary: string | null;
  onClear: () => void;
  onOpen?: () => void;
  children: ReactNode;
}

/** A condition: its name, what is chosen, and a popover to choose in. */
export function FilterPopover({ label, summary, onClear, onOpen, children }: FilterPopoverProps): ReactElement {
  const id = useId();
  return (
    <span className={summary === null ? 'filter' : 'filter chosen'}>
      <Popover.Root onOpenChange={(isOpen) => isOpen && onOpen?.()}>
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
