import { memo, type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { whyNot } from '../actions/plan.ts';
import { toJob } from '../address.ts';
import type { JobAction, JobRowFragment } from '../api/generated/graphql.ts';
import { viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { formatDuration } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Time } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { LongName, Status } from '../ui/parts.tsx';
import { actionWords, jobActions, jobLooks } from '../ui/status.ts';
import type { Column } from './address.ts';
import type { JobsState } from './jobs-state.ts';
import { NowCell } from './now-cell.tsx';
import { type Entry, useEntry } from './rows.ts';

interface RowProps {
  jobs: JobsState;
  id: string;
  /** From 0. */
  index: number;
  top: number;
  height: number;
  columns: readonly Column[];
  isTabStop: boolean;
  /** Shows only what can be drawn in one frame. */
  isPassing: boolean;
  onAct: (action: JobAction, ids: readonly string[]) => void;
}

/** How long a change is tinted. */
const tintMs = 600;

/** One job. It renders again only when this job, or its selection, changes. */
export const Row = memo(function Row({
  jobs,
  id,
  index,
  top,
  height,
  columns,
  isTabStop,
  isPassing,
  onAct,
}: RowProps): ReactElement | null {
  const entry = useEntry(jobs.rows, id);
  const isSelected = useStore(jobs.selection.ids).has(id);
  const isFocused = useStore(jobs.focused) === id;
  const [isHovered, setIsHovered] = useState(false);
  if (!entry) return null;
  const { job, noLongerMatches, changedAtMs } = entry;
  const isTinted = changedAtMs !== null && Date.now() - changedAtMs < tintMs;
  const classes = ['row', noLongerMatches && 'left', isSelected && 'selected', isFocused && 'focused', isTinted && 'tinted'];
  return (
    <div
      role="row"
      data-id={id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      tabIndex={isTabStop ? 0 : -1}
      className={classes.filter(Boolean).join(' ')}
      style={{ transform: `translateY(${top}px)`, height: `${height}px` }}
      onFocus={() => jobs.focused.set(id)}
      onMouseEnter={() => setIsHovered(true)}
      onMouseLeave={() => setIsHovered(false)}
    >
      {isPassing ? (
        <Cell className="passing">{job.name}</Cell>
      ) : (
        <>
          <Cell className="select">
            <SelectBox jobs={jobs} id={id} name={job.name} isSelected={isSelected} />
          </Cell>
          <Cells entry={entry} columns={columns} />
          {(isHovered || isFocused) && <RowActions job={job} onAct={onAct} />}
        </>
      )}
    </div>
  );
});

function Cells({ entry, columns }: { entry: Entry; columns: readonly Column[] }): ReactElement {
  const { job } = entry;
  return (
    <>
      <Cell className="status-cell">
        <Status look={jobLooks[job.status]} />
      </Cell>
      <Cell className="name">
        <Link href={toJob(job.id)} tabIndex={-1} title={job.name}>
          <LongName name={job.name} />
        </Link>
        {job.type !== null && job.type !== job.name && <span className="type">{job.type}</span>}
      </Cell>
      {columns.map((column) => (
        <Cell key={column} className={column}>
          <ColumnValue column={column} entry={entry} />
        </Cell>
      ))}
    </>
  );
}

interface SelectBoxProps extends Pick<RowProps, 'jobs' | 'id'> {
  name: string;
  isSelected: boolean;
}

/** With the Shift key, selects all rows from the last one that was selected. */
function SelectBox({ jobs, id, name, isSelected }: SelectBoxProps): ReactElement {
  const extend = (): void => jobs.selection.extendTo(id, jobs.list.state.get().order);
  return (
    <input
      type="checkbox"
      tabIndex={-1}
      aria-label={`Select ${name}`}
      checked={isSelected}
      onChange={({ nativeEvent }) => {
        if ('shiftKey' in nativeEvent && nativeEvent.shiftKey === true) extend();
        else jobs.selection.toggle(id);
      }}
      onClick={(event) => {
        if (!event.shiftKey) return;
        event.preventDefault();
        extend();
      }}
    />
  );
}

function Cell({ className, children }: { className: string; children: React.ReactNode }): ReactElement {
  return (
    <span role="gridcell" className={`cell ${className}`}>
      {children}
    </span>
  );
}

function ColumnValue({ column, entry }: { column: Column; entry: Entry }): ReactElement | null {
  const { job } = entry;
  switch (column) {
    case 'system':
      return <span title={job.system.title}>{job.system.title}</span>;
    case 'owner':
      return <span title={job.owner ?? undefined}>{job.owner}</span>;
    case 'created':
      return job.createdAt === null ? null : <Time at={job.createdAt} age />;
    case 'duration':
      return <Duration job={job} />;
    case 'now':
      return <NowCell entry={entry} />;
    case 'id':
      return <LongName name={job.id} />;
    case 'scope':
      return <span title={job.scope ?? undefined}>{job.scope}</span>;
    case 'started':
      return job.startedAt === null ? null : <Time at={job.startedAt} />;
    case 'finished':
      return job.finishedAt === null ? null : <Time at={job.finishedAt} />;
    case 'waited':
      return job.waitSeconds === null ? null : <span>{formatDuration(job.waitSeconds)}</span>;
    case 'vendor':
      return <span>{job.vendorStatus}</span>;
    default:
      return column satisfies never;
  }
}

/** A job that runs gets longer each second. */
export function Duration({ job }: { job: DurationFields }): ReactElement | null {
  const now = useNow();
  const seconds = job.status === 'RUNNING' ? runningSeconds(job, now) : job.durationSeconds;
  return seconds === null ? null : <span>{formatDuration(Math.max(0, seconds))}</span>;
}

export function hasDuration({ durationSeconds, startedAt, status }: DurationFields): boolean {
  return durationSeconds !== null || (status === 'RUNNING' && startedAt !== null);
}

type DurationFields = Pick<JobRowFragment, 'durationSeconds' | 'startedAt' | 'status' | 'observedAt'>;

/** As its system measured it when the job was read, and the time since; or else the time since its start. */
function runningSeconds({ durationSeconds, startedAt, observedAt }: DurationFields, now: number): number | null {
  if (durationSeconds !== null) return durationSeconds + Math.max(0, (now - Date.parse(observedAt)) / 1000);
  return startedAt === null ? null : (now - Date.parse(startedAt)) / 1000;
}

const quickActions: readonly JobAction[] = ['PAUSE', 'CANCEL'];

/** The actions of one job, while the pointer or the focus is on its row. */
function RowActions({ job, onAct }: { job: JobRowFragment; onAct: RowProps['onAct'] }): ReactElement {
  const caller = useStore(viewer);
  const act = (action: JobAction): void => onAct(action, [job.id]);
  return (
    <span role="gridcell" className="row-actions">
      {quickActions.map((action) => (
        <Button
          key={action}
          kind="bare"
          icon={actionWords[action].icon}
          label={actionWords[action].verb}
          unavailable={whyNot(action, job, caller)}
          onClick={() => act(action)}
        />
      ))}
      <Menu className="button bare" name="More actions" label={<Icon name="more" />}>
        {jobActions
          .filter((action) => !quickActions.includes(action))
          .map((action) => (
            <MenuItem key={action} icon={actionWords[action].icon} unavailable={whyNot(action, job, caller)} onClick={() => act(action)}>
              {actionWords[action].verb}
            </MenuItem>
          ))}
        <MenuItem icon="copy" onClick={() => void navigator.clipboard.writeText(job.id)}>
          Copy the ID
        </MenuItem>
      </Menu>
    </span>
  );
}
