import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-name.ts';
import { useLayers } from './layers.tsx';

export interface MenuProps {
  /** What the button shows. */
  label: ReactNode;
  /** The name for screen readers, where the button shows none. */
  name?: string;
  className?: string;
  children: ReactNode;
}

/** A button that opens a menu. */
export function Menu({ label, name, className = 'button plain', children }: MenuProps): ReactElement {
  return (
    <Base.Root modal={false}>
      <Base.Trigger className={className} aria-label={name}>
        {label}
      </Base.Trigger>
      <Base.Portal container={useLayers()}>
        <Base.Positioner sideOffset={4} align="end" className="positioner">
          <Base.Popup className="menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  children: ReactNode;
  icon?: IconName;
  /** Why the item does nothing now. */
  unavailable?: string | null;
  onClick: () => void;
}

export function MenuItem({ children, icon, unavailable = null, onClick }: MenuItemProps): ReactElement {
  return (
    <Base.Item className="menu-item" disabled={unavailable !== null} onClick={onClick}>
      {icon && <Icon name={icon} />}
      <span>
        {children}
        {unavailable !== null && <small>{unavailable}</small>}
      </span>
    </Base.Item>
  );
}

/** A choice that is on or off, which leaves the menu open. */
export function MenuCheck({ children, checked, onChange }: { children: ReactNode; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <Base.CheckboxItem className="menu-item" checked={checked} onCheckedChange={onChange} closeOnClick={false}>
      <span className="menu-check">{checked && <Icon name="check" />}</span>
      <span>{children}</span>
    </Base.CheckboxItem>
  );
}

export function MenuChoice<T extends string>(props: {
  value: T;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  return (
    <Base.RadioGroup value={props.value} onValueChange={(value: T) => props.onChange(value)}>
      {props.choices.map(([value, label]) => (
        <Base.RadioItem key={value} className="menu-item" value={value} closeOnClick>
          <span className="menu-check">
            <Base.RadioItemIndicator>
              <Icon name="check" />
            </Base.RadioItemIndicator>
          </span>
          <span>{label}</span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
