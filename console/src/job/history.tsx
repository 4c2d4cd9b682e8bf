import { type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { toAddress } from '../address.ts';
import { type Answer, query } from '../api/client.ts';
import { describeFailure } from '../api/failure.ts';
import { JobHistoryDocument, type JobHistoryQuery, type JobStatus } from '../api/generated/graphql.ts';
import { Time } from '../time/time.tsx';
import { Status } from '../ui/parts.tsx';
import { useReading } from '../ui/reading.ts';
import { actionWords, outcomeLooks } from '../ui/status.ts';

const shown = 10;

/** Who acted on the job, when, why, and what came of it. */
export function History({ id, status }: { id: string; status: JobStatus }): ReactElement {
  const [answer, setAnswer] = useState<Answer<JobHistoryQuery> | null>(null);
  // An action changes the status, and adds an event.
  useReading(`${id} ${status}`, () => {
    void query(JobHistoryDocument, { id, first: shown }).then(setAnswer);
  });
  const events = answer?.data?.jobEvents.nodes ?? [];
  return (
    <section className="card" aria-label="Events">
      <div className="card-head">
        <h2>Events</h2>
        <span className="spacer" />
        <Link href={toAddress('audit', { job: id })}>Audit</Link>
      </div>
      {answer?.failure && <p className="card-empty">{describeFailure(answer.failure)}</p>}
      {answer?.data && events.length === 0 && <p className="card-empty">No action on this job through Jobyard.</p>}
      <ol className="events">
        {events.map((event) => (
          <li key={event.id}>
            <p>
              <Time at={event.recordedAt} age />
              <Status look={outcomeLooks[event.outcome]} />
            </p>
            <p>
              {event.kind === 'FOLLOW_UP' ? 'Follow-up of ' : ''}
              <strong>{actionWords[event.action].verb}</strong> by {event.caller.replace(':', ': ')}
            </p>
            {event.reason !== null && <q>{event.reason}</q>}
            {event.message !== null && <p className="hint">{event.message}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
