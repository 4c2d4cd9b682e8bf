import type { ReactElement } from 'react';
import { formatAge } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Time } from '../time/time.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Entry } from './rows.ts';

/** What matters about the job now. */
export function NowCell({ entry }: { entry: Entry }): ReactElement | null {
  const { job, note, noLongerMatches, progress, failureMessage } = entry;
  const now = useNow();
  if (noLongerMatches && !note) return <span className="dim">no longer matches</span>;
  if (note) {
    return (
      <span className={`note tone-${note.tone}`} title={note.text}>
        {note.text === 'not sent' && <Icon name="not-sent" />}
        {note.text}
      </span>
    );
  }
  if (job.stale) {
    return (
      <span className="dim" title={job.problem?.message}>
        as of <Time at={job.observedAt} />
      </span>
    );
  }
  const cancellation = describeCancellation(entry, now);
  if (cancellation) return cancellation;
  if (job.status === 'RUNNING' && progress?.fraction != null) return <Progress fraction={progress.fraction} />;
  if (job.status === 'FAILED' && failureMessage !== null) {
    return (
      <span className="tone-failed" title={failureMessage}>
        {failureMessage}
      </span>
    );
  }
  if (job.problem) return <span title={job.problem.message}>{job.problem.message}</span>;
  return job.status === 'QUEUED' ? <span className="dim">waits for a worker</span> : null;
}

function describeCancellation({ job }: Entry, now: number): ReactElement | null {
  const { cancellation, status } = job;
  if (!cancellation) return null;
  const age = formatAge(now - Date.parse(cancellation.requestedAt));
  const by = cancellation.requestedBy.replace(/^\w+:/, '');
  if (cancellation.contradictingStatus !== null) {
    return <span className="tone-failed">{cancellation.contradictingStatus.toLowerCase()} although cancellation was accepted</span>;
  }
  if (cancellation.overdue) {
    return (
      <span className="tone-canceling strong">
        <Icon name="scheduled" /> overdue: requested {age} ago
      </span>
    );
  }
  if (status === 'CANCELLED') return <span className="dim">{`by ${by}, ${age} ago`}</span>;
  return cancellation.resolvedAt === null ? <span className="dim">{`requested ${age} ago by ${by}`}</span> : null;
}

export function Progress({ fraction }: { fraction: number }): ReactElement {
  const percent = Math.round(fraction * 100);
  return (
    <span className="progress">
      <span role="progressbar" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-label="Progress" className="track">
        <span style={{ width: `${percent}%` }} />
      </span>
      {percent} %
    </span>
  );
}
