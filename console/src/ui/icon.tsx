import type { ReactElement } from 'react';
import type { IconName } from './icon-name.ts';
import sheet from './icons.svg';

/** A symbol of icons.svg. It is never the only sign of what it says, so screen readers skip it. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }): ReactElement {
  return (
    <svg className={`icon ${className}`} width="16" height="16" aria-hidden="true" focusable="false">
      <use href={`${sheet}#${name}`} />
    </svg>
  );
}
