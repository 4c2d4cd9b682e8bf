import type { ReactElement } from 'react';
import { Time } from '../time/time.tsx';
import { Icon } from '../ui/icon.tsx';
import { jobLooks } from '../ui/status.ts';
import { type CancellationEnd, describeProgress } from './cancellation-progress.ts';
import type { JobDetails } from './job-data.ts';

/** A cancellation from the request to the end of the job. */
export function Cancellation({ cancellation, job }: { cancellation: NonNullable<JobDetails['cancellation']>; job: JobDetails }) {
  const { requestedAt, requestedBy, reason, overdue, contradictingStatus } = cancellation;
  const { isAccepted, end } = describeProgress(cancellation, job);
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
        <Stop isReached={isAccepted} label="Accepted">
          {!isAccepted && 'Not known whether it arrived'}
          {overdue && <span className="tone-canceling strong">Overdue: the job hasn’t ended.</span>}
        </Stop>
        <Stop isReached={end !== null} label={contradictingStatus === null ? labelOf(end) : 'Contradicted'}>
          {end && (
            <>
              {end.isObservation && 'seen '}
              <Time at={end.at} age />
            </>
          )}
          {contradictingStatus !== null && (
            <span className="tone-failed strong">{jobLooks[contradictingStatus].label} although the cancellation was accepted.</span>
          )}
        </Stop>
      </ol>
    </section>
  );
}

function labelOf(end: CancellationEnd | null): string {
  return end === null || end.status === null ? 'Ended' : jobLooks[end.status].label;
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
