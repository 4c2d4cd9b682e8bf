import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import { toAddress, toJob } from '../address.ts';
import { nameOperation, toParts } from '../bulk/bulk-words.ts';
import { showCount, sumBuckets } from '../jobs/count.ts';
import type { Counts } from '../jobs/counts.ts';
import { titleOf } from '../systems/systems.ts';
import { formatAge, formatCount, formatDuration } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Time } from '../time/time.tsx';
import { Icon } from '../ui/icon.tsx';
import { LongName, Skeleton, StackedBar, Status } from '../ui/parts.tsx';
import { actionWords, bulkLooks } from '../ui/status.ts';
import type { OverviewData } from './overview-data.ts';
import { timeOf } from './recent-failures.ts';

interface PanelProps {
  title: string;
  /** What the link at the right says, and where it leads. */
  link: string;
  to: string;
  isRead: boolean;
  isEmpty: boolean;
  empty: string;
  children: ReactNode;
}

function Panel({ title, link, to, isRead, isEmpty, empty, children }: PanelProps): ReactElement {
  return (
    <section className="card panel" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        <span className="spacer" />
        <Link href={to} aria-label={`${title}: ${link}`}>
          {link}
        </Link>
      </div>
      {!isRead && <Skeleton rows={4} />}
      {isRead && isEmpty && <p className="panel-empty">{empty}</p>}
      {isRead && !isEmpty && <ul>{children}</ul>}
    </section>
  );
}

export function OldestPanel({ jobs, counts }: { jobs: OverviewData['oldest']; counts: Counts | null }): ReactElement {
  const now = useNow();
  const running = counts && sumBuckets(counts.buckets.filter(({ status }) => status === 'RUNNING'));
  return (
    <Panel
      title="Oldest running"
      link={running ? `All ${showCount(running)}` : 'All'}
      to={toAddress('jobs', { status: 'RUNNING', since: 'all', order: 'CREATED_AT-ASC' })}
      isRead={jobs !== null}
      isEmpty={jobs?.length === 0}
      empty="No job is running."
    >
      {jobs?.map(({ id, systemId, name, type, startedAt, createdAt }) => (
        <li key={id}>
          <span className="panel-system">{titleOf(systemId)}</span>
          <Link href={toJob(id)} className="panel-name">
            <LongName name={name} />
          </Link>
          <span className="panel-text">{type === name ? '' : type}</span>
          <span className="panel-end">{describeAge(startedAt ?? createdAt, now)}</span>
        </li>
      ))}
    </Panel>
  );
}

function describeAge(at: string | null, now: number): string {
  return at === null ? '' : formatDuration((now - Date.parse(at)) / 1000);
}

interface FailuresPanelProps {
  failures: OverviewData['failures'];
  counts: Counts | null;
  period: string;
}

export function FailuresPanel({ failures, counts, period }: FailuresPanelProps): ReactElement {
  const failed = counts && sumBuckets(counts.buckets.filter(({ status }) => status === 'FAILED'));
  return (
    <Panel
      title="Recent failures"
      link={failed ? `By creation: ${showCount(failed)}` : 'By creation'}
      to={toAddress('jobs', { status: 'FAILED', since: period === '24h' ? null : period })}
      isRead={failures !== null}
      isEmpty={failures?.jobs.length === 0}
      empty={failures?.isComplete ? 'No job failed.' : 'None found, but some jobs could not be listed.'}
    >
      {failures?.jobs.map((job) => {
        const { id, name, failureMessage } = job;
        const at = timeOf(job);
        return (
          <li key={id}>
            <span className="panel-time">
              {at !== null && <Time at={at} />}
              {job.finishedAt === null && <span className="hint"> created</span>}
            </span>
            <Link href={toJob(id)} className="panel-name">
              <LongName name={name} />
            </Link>
            <span className="panel-text" title={failureMessage ?? undefined}>
              {failureMessage}
            </span>
          </li>
        );
      })}
    </Panel>
  );
}

export function CancellationsPanel({ cancellations }: { cancellations: OverviewData['cancellations'] }): ReactElement {
  const now = useNow();
  return (
    <Panel
      title="Open cancellations"
      link="Audit"
      to={toAddress('audit', { action: 'CANCEL' })}
      isRead={cancellations !== null}
      isEmpty={cancellations?.nodes.length === 0}
      empty="No cancellation is open."
    >
      {cancellations?.nodes.map((one) => (
        <li key={one.jobId}>
          <Icon
            name={one.state === 'CONTRADICTED' ? 'failed' : 'canceling'}
            className={one.state === 'CONTRADICTED' ? 'tone-failed' : 'tone-canceling'}
          />
          <Link href={toJob(one.jobId)} className="panel-name">
            <LongName name={one.jobName ?? one.jobId} />
          </Link>
          <span className="panel-text">
            requested <Time at={one.requestedAt} /> by {one.requestedBy.replace(':', ': ')}
          </span>
          <span className={`panel-end ${toneOf(one)}`}>{describeState(one, now)}</span>
        </li>
      ))}
    </Panel>
  );
}

type Cancellation = NonNullable<OverviewData['cancellations']>['nodes'][number];

const stateTones = { OPEN: '', OVERDUE: 'tone-canceling strong', CONTRADICTED: 'tone-failed strong' } as const;

function toneOf({ state, outcome }: Cancellation): string {
  return state === 'OPEN' && outcome === 'OUTCOME_UNKNOWN' ? 'tone-unknown' : stateTones[state ?? 'OPEN'];
}

function describeState({ state, outcome, contradictingStatus, requestedAt }: Cancellation, now: number): string {
  const age = formatAge(now - Date.parse(requestedAt));
  switch (state) {
    case 'OVERDUE':
      return `overdue, ${age}`;
    case 'CONTRADICTED':
      return (contradictingStatus ?? '').toLowerCase();
    case 'OPEN':
    case null:
      return outcome === 'OUTCOME_UNKNOWN' ? `unknown, ${age}` : age;
    default:
      return state satisfies never;
  }
}

export function BulkPanel({ operations }: { operations: OverviewData['operations'] }): ReactElement {
  return (
    <Panel
      title="Bulk operations"
      link="All"
      to={toAddress('bulk')}
      isRead={operations !== null}
      isEmpty={operations?.length === 0}
      empty="None yet."
    >
      {operations?.slice(0, 3).map((operation) => {
        const { id, status, counts, startedBy } = operation;
        const parts = [
          `${formatCount(counts.selected - counts.pending)} of ${formatCount(counts.selected)} processed`,
          ...(counts.failed > 0 ? [`${formatCount(counts.failed)} failed`] : []),
          ...(counts.unknown > 0 ? [`${formatCount(counts.unknown)} unknown`] : []),
          startedBy.replace(':', ': '),
        ];
        return (
          <li key={id} className="panel-bulk">
            <Link href={toAddress('bulk', { id })} className="panel-name">
              {nameOperation(operation)}
            </Link>
            <Status look={bulkLooks[status]} />
            <StackedBar parts={toParts(counts)} total={counts.selected} />
            <span className="hint">{parts.join(' · ')}</span>
          </li>
        );
      })}
    </Panel>
  );
}

export function RecentActionsPanel({ actions }: { actions: OverviewData['actions'] }): ReactElement {
  return (
    <Panel
      title="Recent actions"
      link="Audit"
      to={toAddress('audit')}
      isRead={actions !== null}
      isEmpty={actions?.length === 0}
      empty="None yet."
    >
      {actions?.map((event) => (
        <li key={event.id}>
          <span className="panel-time">
            <Time at={event.recordedAt} />
          </span>
          <span>{event.caller.replace(':', ': ')}</span>
          <span className="hint">{actionWords[event.action].verb.toLowerCase()}</span>
          <Link href={toJob(event.jobId)} className="panel-name">
            <LongName name={event.job.name} />
          </Link>
        </li>
      ))}
    </Panel>
  );
}
