import type { ReactElement } from 'react';
import sheet from './icons.svg';

export type IconName =
  | 'logo'
  | 'running'
  | 'queued'
  | 'canceling'
  | 'scheduled'
  | 'paused'
  | 'failed'
  | 'unknown'
  | 'canceled'
  | 'succeeded'
  | 'warning'
  | 'not-sent'
  | 'not-allowed'
  | 'lock'
  | 'search'
  | 'down'
  | 'right'
  | 'close'
  | 'columns'
  | 'live'
  | 'sun'
  | 'moon'
  | 'user'
  | 'copy'
  | 'open'
  | 'eye'
  | 'stop'
  | 'pause'
  | 'play'
  | 'restart'
  | 'more'
  | 'check'
  | 'plus'
  | 'download'
  | 'filter';

/** A symbol of icons.svg. It is never the only sign of what it says, so screen readers skip it. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }): ReactElement {
  return (
    <svg className={`icon ${className}`} width="16" height="16" aria-hidden="true" focusable="false">
      <use href={`${sheet}#${name}`} />
    </svg>
  );
}
