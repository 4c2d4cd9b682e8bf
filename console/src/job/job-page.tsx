import '../styles/job.css';
import { type ReactElement, useState } from 'react';
import { useSearch } from 'wouter';
import { ActionDialog } from '../actions/dialog.tsx';
import { type Plan, planAction, scopeFor, whyNot } from '../actions/plan.ts';
import type { JobAction } from '../api/generated/graphql.ts';
import { Progress } from '../jobs/now-cell.tsx';
import { Duration, hasDuration } from '../jobs/row.tsx';
import { useKey } from '../keyboard/keys.ts';
import { may, useMay, viewer } from '../session/viewer.ts';
import { useTitle } from '../shell/title.ts';
import { useStore } from '../store.ts';
import { formatDuration } from '../time/format.ts';
import { Time } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { Empty, FailureNotice, Notice, OutsideLink, Skeleton, Status } from '../ui/parts.tsx';
import { actionWords, jobActions, jobLooks } from '../ui/status.ts';
import { Cancellation } from './cancellation.tsx';
import { History } from './history.tsx';
import { type JobDetails, useJob } from './job-data.ts';
import { Log } from './log.tsx';
import { Raw } from './raw.tsx';
import { Steps } from './steps.tsx';

/** One job: why it failed, its steps, who acted on it. */
export function JobPage(): ReactElement {
  const id = new URLSearchParams(useSearch()).get('id') ?? '';
  const { state, read } = useJob(id);
  useTitle(state.phase === 'ready' && state.result.__typename === 'Job' ? state.result.name : 'Job');
  switch (state.phase) {
    case 'loading':
      return <Skeleton rows={12} />;
    case 'failed':
      return (
        <div className="page">
          <FailureNotice failure={state.failure} onRetry={() => void read()} />
        </div>
      );
    case 'ready':
      if (state.result.__typename === 'Job') return <Job job={state.result} />;
      return (
        <div className="page">
          <h1 className="visually-hidden">Job</h1>
          <Empty>
            <p>{state.result.message}</p>
            <Button onClick={() => void read()}>Read again</Button>
          </Empty>
        </div>
      );
    default:
      return state satisfies never;
  }
}

function Job({ job }: { job: JobDetails }): ReactElement {
  const [plan, setPlan] = useState<Plan | null>(null);
  const mayReadEvents = useMay('audit:read');
  const mayReadLogs = useMay('jobs:logs');
  const mayReadRaw = may(useStore(viewer), 'jobs:raw', job.systemId);
  const act = (action: JobAction): void => {
    const next = planAction(action, [job], viewer.get());
    if (next.targets.length > 0) setPlan(next);
  };
  useKey('cancel', () => act('CANCEL'));
  useKey('pause', () => act('PAUSE'));
  useKey('resume', () => act('RESUME'));
  useKey('copy', () => void navigator.clipboard.writeText(job.id));
  return (
    <div className="page scrolls job-page">
      <Head job={job} onAct={act} />
      {job.stale && (
        <Notice tone="warning">
          {job.problem?.message} This is a cached copy of <Time at={job.observedAt} />.
        </Notice>
      )}
      <div className="job-columns">
        <div className="job-main">
          {job.failure && <Failure failure={job.failure} />}
          {job.steps ? <Steps steps={job.steps} /> : <Fields job={job} />}
          {mayReadLogs && <Log key={job.id} job={job} />}
        </div>
        <div className="job-side">
          {job.steps && <Fields job={job} />}
          {job.cancellation && <Cancellation cancellation={job.cancellation} job={job} />}
          {mayReadEvents && <History id={job.id} status={job.status} />}
          {mayReadRaw && <Raw id={job.id} />}
        </div>
      </div>
      {plan && <ActionDialog plan={plan} onClose={() => setPlan(null)} onSent={() => {}} />}
    </div>
  );
}

function Head({ job, onAct }: { job: JobDetails; onAct: (action: JobAction) => void }): ReactElement {
  const caller = useStore(viewer);
  const offered = jobActions.filter(
    (action) => may(caller, scopeFor(action)) && (action === 'CANCEL' || job.actions.some((one) => one.action === action && one.available)),
  );
  return (
    <header className="job-head">
      <h1>{job.name}</h1>
      <Status look={jobLooks[job.status]} />
      {job.progress?.fraction != null && job.status === 'RUNNING' && <Progress fraction={job.progress.fraction} />}
      <span className="spacer" />
      {offered.map((action) => (
        <Button
          key={action}
          icon={actionWords[action].icon}
          kind={action === 'CANCEL' && whyNot(action, job, caller) === null ? 'danger' : 'plain'}
          unavailable={whyNot(action, job, caller)}
          onClick={() => onAct(action)}
        >
          {actionWords[action].verb}
        </Button>
      ))}
      <p>
        {job.type !== null && job.type !== job.name && <span>{job.type}</span>}
        <span>{job.system.title}</span>
        <Copyable text={job.id} />
        {job.links.map(({ url, title }) => (
          <OutsideLink key={url} url={url} title={title} />
        ))}
      </p>
    </header>
  );
}

function Failure({ failure }: { failure: NonNullable<JobDetails['failure']> }): ReactElement {
  return (
    <section className="card failure" aria-label="Failure">
      <h2>
        {failure.message}
        {failure.code !== null && <code>{failure.code}</code>}
      </h2>
      {failure.step && <p>Step {failure.step.name}</p>}
      {failure.advice !== null && <p className="advice">{failure.advice}</p>}
    </section>
  );
}

function Fields({ job }: { job: JobDetails }): ReactElement {
  const time = (at: string | null): ReactElement | null => (at === null ? null : <Time at={at} age />);
  const duration = hasDuration(job) ? <Duration job={job} /> : null;
  const rows: readonly (readonly [string, ReactElement | string | null])[] = [
    ['System’s own status', job.vendorStatus],
    ['Owner', job.owner],
    ['Scope', job.scope],
    ['Tags', job.tags === null || job.tags.length === 0 ? null : job.tags.join(', ')],
    ['Created', time(job.createdAt)],
    ['Started', time(job.startedAt)],
    ['Finished', time(job.finishedAt)],
    ['Duration', duration],
    ['Waited', job.waitSeconds === null ? null : formatDuration(job.waitSeconds)],
    ['Data from', time(job.dataRange?.from ?? null)],
    ['Data to', time(job.dataRange?.to ?? null)],
    ['Tasks', describeTasks(job.progress)],
    ['Read', time(job.observedAt)],
  ];
  return (
    <section className="card" aria-label="Fields">
      <dl className="fields">
        {rows.map(([label, value]) =>
          value === null ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

function describeTasks(progress: JobDetails['progress']): string | null {
  if (!progress) return null;
  const { succeededTasks, failedTasks, remainingTasks } = progress;
  const parts = [
    succeededTasks === null ? '' : `${succeededTasks} succeeded`,
    failedTasks === null ? '' : `${failedTasks} failed`,
    remainingTasks === null ? '' : `${remainingTasks} to run`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(', ');
}
