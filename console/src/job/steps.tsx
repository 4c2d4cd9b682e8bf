import type { ReactElement } from 'react';
import type { StepTextFragment } from '../api/generated/graphql.ts';
import { formatDuration } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Time } from '../time/time.tsx';
import { OutsideLink, Status } from '../ui/parts.tsx';
import { jobLooks } from '../ui/status.ts';
import type { JobDetails } from './job-data.ts';

type Step = NonNullable<JobDetails['steps']>[number];

/** The period that the timeline shows, in epoch milliseconds. */
interface Period {
  fromMs: number;
  toMs: number;
}

/** The steps as a timeline, to scale. */
export function Steps({ steps }: { steps: readonly Step[] }): ReactElement {
  const now = useNow();
  if (steps.length === 0) {
    return (
      <section className="card" aria-label="Steps">
        <div className="card-head">
          <h2>Steps</h2>
        </div>
        <p className="card-empty">The job has no steps yet.</p>
      </section>
    );
  }
  const period = findPeriod(steps, now);
  return (
    <section className="card" aria-label="Steps">
      <div className="card-head">
        <h2>Steps</h2>
        <span className="hint">
          {steps.filter(({ status }) => status === 'SUCCEEDED').length} of {steps.length} succeeded
        </span>
      </div>
      <ol className="steps-list">
        {steps.map((step) => (
          <li key={step.id}>
            <StepRow step={step} period={period} now={now} />
            {step.substeps.length > 0 && (
              <ol>
                {step.substeps.map((part) => (
                  <li key={part.id}>
                    <StepRow step={part} period={period} now={now} />
                  </li>
                ))}
              </ol>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepRow({ step, period, now }: { step: StepTextFragment; period: Period; now: number }): ReactElement {
  return (
    <>
      <div className="step">
        <Status look={jobLooks[step.status]} />
        <span className="step-name" title={step.name}>
          {step.name}
        </span>
        <span className="timeline" aria-hidden="true">
          <StepBar step={step} period={period} now={now} />
        </span>
        <span className="step-time">{step.startedAt !== null && <Time at={step.startedAt} />}</span>
        <span className="step-duration">{step.durationSeconds === null ? '' : formatDuration(step.durationSeconds)}</span>
      </div>
      {(step.message !== null || step.advice !== null || step.links.length > 0) && (
        <div className="step-more">
          {step.message !== null && (
            <p className={step.status === 'FAILED' ? 'tone-failed' : ''}>
              {step.message} {step.failureCode !== null && <code>{step.failureCode}</code>}
            </p>
          )}
          {step.advice !== null && <p>{step.advice}</p>}
          {step.links.map(({ url, title }) => (
            <OutsideLink key={url} url={url} title={title} />
          ))}
        </div>
      )}
    </>
  );
}

function StepBar({ step, period, now }: { step: StepTextFragment; period: Period; now: number }): ReactElement | null {
  if (step.startedAt === null) return null;
  const lengthMs = Math.max(1, period.toMs - period.fromMs);
  const startMs = Date.parse(step.startedAt);
  const left = ((startMs - period.fromMs) / lengthMs) * 100;
  const width = Math.max(0.5, ((endOf(step, now) - startMs) / lengthMs) * 100);
  return <span className={`fill-${jobLooks[step.status].tone}`} style={{ left: `${left}%`, width: `${Math.min(width, 100 - left)}%` }} />;
}

function endOf(step: StepTextFragment, now: number): number {
  if (step.finishedAt !== null) return Date.parse(step.finishedAt);
  if (step.startedAt !== null && step.durationSeconds !== null) return Date.parse(step.startedAt) + step.durationSeconds * 1000;
  return now;
}

function findPeriod(steps: readonly Step[], now: number): Period {
  const started = steps.filter(({ startedAt }) => startedAt !== null);
  const starts = started.map(({ startedAt }) => Date.parse(startedAt ?? ''));
  return { fromMs: Math.min(...starts, now), toMs: Math.max(...started.map((step) => endOf(step, now)), 0) };
}
