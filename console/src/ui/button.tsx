import { Tooltip } from '@base-ui/react/tooltip';
import type { MouseEvent, ReactElement, ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-name.ts';
import { useLayers } from './layers.tsx';

export interface ButtonProps {
  children?: ReactNode;
  icon?: IconName;
  kind?: 'plain' | 'primary' | 'danger' | 'bare';
  /** Why the button does nothing now. It stays focusable, so that every user can learn the reason. */
  unavailable?: string | null;
  /** The name for screen readers, where the button shows none. */
  label?: string;
  pressed?: boolean;
  hint?: string | null;
  type?: 'button' | 'submit';
  className?: string;
  ref?: Ref<HTMLButtonElement>;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
}

export function Button(props: ButtonProps): ReactElement {
  const { children, icon, kind = 'plain', unavailable = null, label, pressed, hint = null, type = 'button', className = '', ref } = props;
  const text = unavailable ?? hint ?? (children === undefined ? (label ?? null) : null);
  const button = (
    <button
      ref={ref}
      type={type}
      className={`button ${kind} ${className}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={unavailable !== null || undefined}
      onClick={unavailable === null ? props.onClick : prevent}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
  return text === null ? button : <WithTooltip text={text}>{button}</WithTooltip>;
}

function prevent(event: MouseEvent): void {
  event.preventDefault();
}

/** Shows a text while the pointer or the focus is on the element. Esc hides it, and reaches the dialog that it is in. */
export function WithTooltip({ text, children }: { text: string; children: ReactElement<Record<string, unknown>> }): ReactElement {
  return (
    <Tooltip.Root onOpenChange={(_isOpen, details) => details.reason === 'escape-key' && details.allowPropagation()}>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal container={useLayers()}>
        <Tooltip.Positioner sideOffset={6} className="positioner">
          <Tooltip.Popup className="tooltip">{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
