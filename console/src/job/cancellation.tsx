import type { ReactElement } from 'react';
import type { JobStatus } from '../api/generated/graphql.ts';
import { Time } from '../time/time.tsx';
import { Icon } from '../ui/icon.tsx';
import { jobLooks } from '../ui/status.ts';
import type { JobDetails } from './job-data.ts';

/** A cancellation from the request to the end of the job. */
export function Cancellation({ cancellation, status }: { cancellation: NonNullable<JobDetails['cancellation']>; status: JobStatus }) {
  const { requestedAt, requestedBy, reason, resolvedAt, overdue, contradictingStatus } = cancellation;
  const isEnded = resolvedAt !== null;
  return (
    <section className="card" aria-label="Cancellation">
      <div className="card-head">
        <h2>Cancellation</h2>
      </div>
      <ol className="track-list">
        <Stop isReached label="Requested">
          <Time at={requestedAt} age /> by {requestedBy.replace(':', ': ')}
          {reason !== null && <q>{reason}</q>}
        </Stop>
        <Stop isReached={isEnded || status === 'CANCELLING'} label="Accepted">
          {overdue && <span className="tone-canceling strong">Overdue: the job hasn’t ended.</span>}
        </Stop>
        <Stop isReached={isEnded} label={contradictingStatus === null ? (isEnded ? jobLooks[status].label : 'Ended') : 'Contradicted'}>
          {resolvedAt !== null && <Time at={resolvedAt} age />}
          {contradictingStatus !== null && (
            <span className="tone-failed strong">{jobLooks[contradictingStatus].label} although the cancellation was accepted.</span>
          )}
        </Stop>
      </ol>
    </section>
  );
}

function Stop({ isReached, label, children }: { isReached: boolean; label: string; children: React.ReactNode }): ReactElement {
  return (
    <li className={isReached ? 'reached' : ''}>
      <Icon name={isReached ? 'succeeded' : 'queued'} />
      <strong>{label}</strong>
      <span>{children}</span>
    </li>
  );
}
