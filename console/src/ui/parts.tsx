import type { ReactElement, ReactNode } from 'react';
import { describeFailure, type Failure } from '../api/failure.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import type { Look } from './status.ts';

/** A status: a symbol of its own shape, its color, and its word. */
export function Status({ look }: { look: Look }): ReactElement {
  return (
    <span className={`status tone-${look.tone}`}>
      <Icon name={look.icon} />
      {look.label}
    </span>
  );
}

const tailLength = 8;

/** A name that gives way in its middle, as long names differ there and at their end. */
export function LongName({ name }: { name: string }): ReactElement {
  if (name.length <= tailLength * 2) return <span className="name-part">{name}</span>;
  return (
    <span className="long-name" title={name}>
      <span className="head">{name.slice(0, -tailLength)}</span>
      <span className="tail">{name.slice(-tailLength)}</span>
    </span>
  );
}

/** A page of another site, in a tab of its own. */
export function OutsideLink({ url, title }: { url: string; title: string }): ReactElement {
  return (
    <a className="outside-link" href={url} target="_blank" rel="noreferrer noopener">
      {title} <Icon name="open" />
    </a>
  );
}

/** A fact above a list that stays while it is true. */
export function Notice({ tone, children, actions }: { tone: 'danger' | 'warning' | 'info'; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className={`notice ${tone}`}>
      <Icon name="warning" />
      <p>{children}</p>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  );
}

/** Why a page has no data. */
export function FailureNotice({ failure, onRetry }: { failure: Failure; onRetry: () => void }): ReactElement {
  const requestId = failure.kind === 'bug' ? failure.requestId : null;
  return (
    <Notice
      tone="danger"
      actions={
        <>
          {requestId !== null && (
            <Button icon="copy" onClick={() => void navigator.clipboard.writeText(requestId)}>
              Copy
            </Button>
          )}
          <Button onClick={onRetry}>Retry now</Button>
        </>
      }
    >
      {describeFailure(failure)}
    </Notice>
  );
}

/** A text where a list would be. */
export function Empty({ children }: { children: ReactNode }): ReactElement {
  return <div className="empty">{children}</div>;
}

/** Rows that are about to come. They appear after 150 ms, as most pages are faster. */
export function Skeleton({ rows }: { rows: number }): ReactElement {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <span key={String(index)} />
      ))}
    </div>
  );
}

/** Parts of a whole, in colors. The words stand beside it. */
export function StackedBar({ parts, total }: { parts: readonly { key: string; tone: string; count: number }[]; total: number }) {
  return (
    <span className="stacked-bar" aria-hidden="true">
      {parts
        .filter(({ count }) => count > 0)
        .map(({ key, tone, count }) => (
          <span key={key} className={`fill-${tone}`} style={{ width: `${(count / Math.max(1, total)) * 100}%` }} />
        ))}
    </span>
  );
}
