import { type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { scopeFor } from '../actions/plan.ts';
import { toAddress } from '../address.ts';
import { mutate } from '../api/client.ts';
import { describeFailure } from '../api/failure.ts';
import {
  type BulkDetailsFragment,
  EndBulkDocument,
  type EndBulkMutation,
  ResumeBulkDocument,
  RetryFailedBulkDocument,
  SuspendBulkDocument,
} from '../api/generated/graphql.ts';
import { useMay } from '../session/viewer.ts';
import { formatCount, formatDuration } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Time } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty, FailureNotice, Notice, Skeleton, StackedBar, Status } from '../ui/parts.tsx';
import { useReading } from '../ui/reading.ts';
import { actionWords, bulkLooks } from '../ui/status.ts';
import { isOver, useBulk } from './bulk-data.ts';
import { nameOperation } from './bulk-words.ts';
import { FilterText } from './filter-text.tsx';
import { Items } from './items.tsx';
import { useNotSent } from './not-sent.ts';
import { countProcessed, type ShownCounts, toParts, toShownCounts } from './shown-counts.ts';

/** One bulk operation: its progress, its items, and its commands. */
export function BulkDetails({ id, onChanged }: { id: string; onChanged: () => void }): ReactElement {
  const { state, show } = useBulk(id);
  const onCommand = (operation: BulkDetailsFragment): void => {
    show(operation);
    onChanged();
  };
  const status = state.phase === 'ready' ? state.operation.status : null;
  // The list beside it shows the status, too.
  useReading(String(status), () => {
    onChanged();
  });
  switch (state.phase) {
    case 'loading':
      return <Skeleton rows={8} />;
    case 'missing':
      return <Empty>This bulk operation doesn’t exist, or you can’t see it.</Empty>;
    case 'failed':
      return <FailureNotice failure={state.failure} onRetry={() => location.reload()} />;
    case 'ready':
      return <Operation operation={state.operation} onCommand={onCommand} />;
    default:
      return state satisfies never;
  }
}

interface OperationProps {
  operation: BulkDetailsFragment;
  onCommand: (operation: BulkDetailsFragment) => void;
}

function Operation({ operation, onCommand }: OperationProps): ReactElement {
  const { status, reason, createdAt, startedBy, commands, filter, maxPerSecond, problem } = operation;
  const [rejection, setRejection] = useState<string | null>(null);
  const notSent = useNotSent(operation);
  const counts = toShownCounts(operation.counts, operation.counts, notSent);
  return (
    <>
      <header className="bulk-head">
        <h2>{nameOperation(operation)}</h2>
        <Status look={bulkLooks[status]} />
        <span className="spacer" />
        <Commands operation={operation} onCommand={onCommand} onRejected={setRejection} />
        <p>
          “{reason}” · started <Time at={createdAt} /> by {startedBy.replace(':', ': ')}
        </p>
        {commands.length > 0 && (
          <p>
            {commands
              .slice(0, 4)
              .toReversed()
              .map(({ command, caller, recordedAt }) => (
                <span key={recordedAt + command} className="command">
                  {commandLabels[command]} <Time at={recordedAt} /> by {caller.replace(':', ': ')}
                </span>
              ))}
          </p>
        )}
      </header>
      {rejection !== null && (
        <Notice tone="danger" actions={<Button onClick={() => setRejection(null)}>Close</Button>}>
          {rejection}
        </Notice>
      )}
      {problem && (
        <Notice tone="danger">
          {problem.message} {problem.systemProblems.map(({ message }) => message).join(' ')}
        </Notice>
      )}
      <p className="bulk-filter">
        <span className="hint">Filter</span> <FilterText filter={filter} />
        <span className="spacer" />
        <span className="hint">Rate</span> <strong>{maxPerSecond === null ? 'no limit' : `${maxPerSecond} a second`}</strong>
      </p>
      <Progress operation={operation} counts={counts} />
      <Systems operation={operation} notSent={notSent} />
      <Items operation={operation} counts={counts} />
    </>
  );
}

const commandLabels = { SUSPEND: 'Suspended', RESUME: 'Resumed', CANCEL: 'Ended', RETRY_FAILED: 'Failed items retried' } as const;

type Command = 'suspend' | 'resume' | 'end' | 'retry';

interface CommandsProps extends OperationProps {
  onRejected: (message: string | null) => void;
}

function Commands({ operation, onCommand, onRejected }: CommandsProps): ReactElement | null {
  const [asks, setAsks] = useState(false);
  const mayAct = useMay(scopeFor(operation.action));
  const notSent = useNotSent(operation);
  const { status, counts } = operation;
  if (!mayAct) return null;
  const give = async (command: Command): Promise<void> => {
    const { data, failure } = await send(command, operation.id);
    const result = data?.result;
    if (result?.__typename === 'BulkOperation') {
      onRejected(null);
      onCommand(result);
    } else onRejected(result ? result.message : describeFailure(failure ?? { kind: 'unreachable' }));
  };
  return (
    <>
      {status === 'RUNNING' && (
        <Button icon="pause" onClick={() => void give('suspend')}>
          Suspend
        </Button>
      )}
      {status === 'SUSPENDED' && (
        <Button icon="play" onClick={() => void give('resume')}>
          Resume
        </Button>
      )}
      {!isOver(status) && (
        <Button icon="stop" onClick={() => setAsks(true)}>
          End now
        </Button>
      )}
      <Button
        icon="restart"
        unavailable={isOver(status) ? (counts.failed === 0 ? 'No item failed' : null) : 'Available after the operation ends'}
        onClick={() => void give('retry')}
      >
        {notSent === 0 ? 'Retry failed' : 'Retry failed and unsent'}
      </Button>
      {asks && (
        <EndDialog
          pending={counts.pending}
          onClose={() => setAsks(false)}
          onEnd={() => {
            setAsks(false);
            void give('end');
          }}
        />
      )}
    </>
  );
}

function EndDialog({ pending, onClose, onEnd }: { pending: number; onClose: () => void; onEnd: () => void }): ReactElement {
  return (
    <Dialog title="End this bulk operation" onClose={onClose}>
      <p>Jobyard sends nothing for the {formatCount(pending)} remaining items. It does not undo what it has sent.</p>
      <footer className="dialog-foot">
        <span className="spacer" />
        <Button onClick={onClose}>Back</Button>
        <Button kind="danger" onClick={onEnd}>
          End now
        </Button>
      </footer>
    </Dialog>
  );
}

function send(command: Command, id: string): ReturnType<typeof mutate<EndBulkMutation, { id: string }>> {
  switch (command) {
    case 'suspend':
      return mutate(SuspendBulkDocument, { id });
    case 'resume':
      return mutate(ResumeBulkDocument, { id });
    case 'end':
      return mutate(EndBulkDocument, { id });
    case 'retry':
      return mutate(RetryFailedBulkDocument, { id });
    default:
      return command satisfies never;
  }
}

function Progress({ operation, counts }: { operation: BulkDetailsFragment; counts: ShownCounts }): ReactElement {
  const { action, createdAt, finishedAt, status } = operation;
  const now = useNow();
  const processed = countProcessed(counts);
  const seconds = ((finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(createdAt)) / 1000;
  const left =
    status === 'RUNNING' && processed !== null && processed > 0
      ? `, about ${formatDuration((seconds / processed) * counts.pending)} to go`
      : '';
  const facts = [
    ['succeeded', actionWords[action].done, counts.succeeded],
    ['failed', 'failed', counts.failed],
    ['unknown', 'unknown', counts.unknown],
    ...(counts.undecided > 0 ? ([['neutral', 'failed or not sent', counts.undecided]] as const) : []),
    ...(counts.notSent > 0 ? ([['not-sent', 'not sent', counts.notSent]] as const) : []),
    ['neutral', 'to do', counts.pending],
  ] as const;
  return (
    <section className="card bulk-progress" aria-label="Progress">
      <p>
        <strong className="big">{processed === null ? '…' : formatCount(processed)}</strong> of {formatCount(counts.selected)} processed
        <span className="spacer" />
        <span className="hint">
          {formatDuration(seconds)} {finishedAt === null ? `so far${left}` : 'in all'}
        </span>
      </p>
      <StackedBar parts={toParts(counts)} total={counts.selected} />
      <ul>
        {facts.map(([tone, label, count]) => (
          <li key={label}>
            <span className={`swatch fill-${tone}`} /> <strong>{formatCount(count)}</strong> {label}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Systems({ operation, notSent }: { operation: BulkDetailsFragment; notSent: number | null }): ReactElement {
  return (
    <div className="card scroll-x">
      <table className="data">
        <caption className="visually-hidden">Progress by system</caption>
        <thead>
          <tr>
            <th scope="col">System</th>
            <th scope="col">Progress</th>
            {['Jobs', 'Done', 'Failed', 'Not sent', 'Unknown', 'To do'].map((label) => (
              <th key={label} scope="col" className="number">
                {label}
              </th>
            ))}
            <th scope="col">Pace</th>
          </tr>
        </thead>
        <tbody>
          {operation.systems.map((progress) => (
            <SystemRow key={progress.system.id} progress={progress} counts={toShownCounts(progress.counts, operation.counts, notSent)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SystemRowProps {
  progress: BulkDetailsFragment['systems'][number];
  counts: ShownCounts;
}

function SystemRow({ progress: { system, problem }, counts }: SystemRowProps): ReactElement {
  const number = (count: number): string => (count === 0 ? '–' : formatCount(count));
  return (
    <tr>
      <th scope="row">
        <Link href={toAddress('systems', { id: system.id })}>{system.title}</Link>
      </th>
      <td className="wide">
        <StackedBar parts={toParts(counts)} total={counts.selected} />
      </td>
      <td className="number">{number(counts.selected)}</td>
      <td className="number">{number(counts.succeeded)}</td>
      {counts.undecided > 0 ? (
        <td className="number" colSpan={2}>
          {formatCount(counts.undecided)} failed or not sent
        </td>
      ) : (
        <>
          <td className="number">{number(counts.failed)}</td>
          <td className="number">{number(counts.notSent)}</td>
        </>
      )}
      <td className="number">{number(counts.unknown)}</td>
      <td className="number">{number(counts.pending)}</td>
      <td className={problem ? 'tone-canceling' : ''}>{problem?.message ?? (isDone(counts) ? 'done' : '')}</td>
    </tr>
  );
}

function isDone({ pending, notSent, undecided }: ShownCounts): boolean {
  return pending === 0 && notSent === 0 && undecided === 0;
}
