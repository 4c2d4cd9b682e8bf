import { type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { toAddress, toJob } from '../address.ts';
import { Time } from '../time/time.tsx';
import { Icon } from '../ui/icon.tsx';
import { LongName, Status } from '../ui/parts.tsx';
import { actionWords, outcomeLooks } from '../ui/status.ts';
import type { AuditEvent } from './csv.ts';

/** One event; it unfolds. On narrow screens it has two lines, without the reason and the request, which the details contain. */
export function EventRow({ event }: { event: AuditEvent }): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <tr>
        <td className="when nowrap">
          <button type="button" className="unfold" aria-expanded={isOpen} aria-label="Details" onClick={() => setIsOpen(!isOpen)}>
            <Icon name={isOpen ? 'down' : 'right'} />
          </button>
          <Time at={event.recordedAt} age />
        </td>
        <td className="who">{event.caller.replace(':', ': ')}</td>
        <td className="action nowrap">
          {event.kind === 'FOLLOW_UP' ? 'Follow-up: ' : ''}
          {actionWords[event.action].verb}
        </td>
        <td className="job">
          <Link href={toJob(event.jobId)} title={event.jobId}>
            <LongName name={event.jobName ?? event.jobId} />
          </Link>
          {event.jobName !== null && (
            <span className="dim">
              <LongName name={event.jobId} />
            </span>
          )}
        </td>
        <td className="result">
          <Status look={outcomeLooks[event.outcome]} />
        </td>
        <td className="clip unfolds" title={event.reason ?? undefined}>
          {event.reason}
        </td>
        <td className="nowrap unfolds">
          {event.requestId !== null && (
            <Link href={toAddress('audit', { request: event.requestId })} title={event.requestId}>
              {event.requestId.slice(0, 8)}
            </Link>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr className="unfolded">
          <td colSpan={7}>
            <Details event={event} />
          </td>
        </tr>
      )}
    </>
  );
}

function Details({ event }: { event: AuditEvent }): ReactElement {
  const rows: readonly (readonly [string, string | null])[] = [
    ['Message', event.message],
    ['Code', event.code],
    ['System’s own status', event.vendorStatus],
    ['System’s own code', event.vendorCode],
    ['Sent', event.sent ? 'yes' : 'no'],
    ['Operation', event.operationName],
    ['Request', event.requestId],
    ['Bulk operation', event.bulkOperationId],
    ['Reason', event.reason],
  ];
  return (
    <dl className="event-details">
      {rows.map(([label, value]) =>
        value === null ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{label === 'Bulk operation' ? <Link href={toAddress('bulk', { id: value })}>{value}</Link> : value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
