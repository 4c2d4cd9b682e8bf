import '../styles/bulk.css';
import type { ReactElement } from 'react';
import { Link, useSearch } from 'wouter';
import { scopeFor } from '../actions/plan.ts';
import { toAddress } from '../address.ts';
import type { BulkRowFragment } from '../api/generated/graphql.ts';
import { viewer } from '../session/viewer.ts';
import { useTitle } from '../shell/title.ts';
import { useStore } from '../store.ts';
import { Time } from '../time/time.tsx';
import { Empty, FailureNotice, Skeleton, StackedBar, Status } from '../ui/parts.tsx';
import { actionWords, bulkLooks, jobActions } from '../ui/status.ts';
import { useBulkList } from './bulk-data.ts';
import { nameOperation, toParts } from './bulk-words.ts';
import { BulkDetails } from './details.tsx';
import { grantedActions } from './granted.ts';
import { NewBulk, type NewBulkProps } from './new-bulk.tsx';

/** Bulk operations: the list, and the chosen one. */
export function BulkPage(): ReactElement {
  const parameters = new URLSearchParams(useSearch());
  const { operations, failure, isRead, read } = useBulkList();
  const fresh = jobActions.find((action) => action === parameters.get('new')) ?? null;
  const id = parameters.get('id') ?? (fresh === null ? (operations[0]?.id ?? null) : null);
  useTitle('Bulk');
  return (
    <div className="bulk-page">
      <aside className="bulk-list" aria-label="Bulk operations">
        <header>
          <h1>Bulk</h1>
          <NewLink kind="plain" />
        </header>
        {failure && <FailureNotice failure={failure} onRetry={() => void read()} />}
        {!isRead && <Skeleton rows={6} />}
        {isRead && !failure && operations.length === 0 && <Empty>No bulk operation yet.</Empty>}
        <ul>
          {operations.map((operation) => (
            <li key={operation.id}>
              <ListRow operation={operation} isChosen={operation.id === id} />
            </li>
          ))}
        </ul>
      </aside>
      <div className="bulk-main">
        {fresh !== null && <New action={fresh} parameters={parameters} onStarted={() => void read()} />}
        {fresh === null && id !== null && <BulkDetails key={id} id={id} onChanged={() => void read()} />}
        {fresh === null && id === null && isRead && (
          <Empty>
            <p>A bulk operation acts on all jobs that match a filter. It runs in the background and keeps a result for each job.</p>
            <NewLink kind="primary" />
          </Empty>
        )}
      </div>
    </div>
  );
}

/** Nothing for a caller that can't perform any action. */
function NewLink({ kind }: { kind: 'plain' | 'primary' }): ReactElement | null {
  const [action] = grantedActions(useStore(viewer));
  if (!action) return null;
  return (
    <Link href={toAddress('bulk', { new: action })} className={`button ${kind}`}>
      New from a filter
    </Link>
  );
}

function New(props: NewBulkProps): ReactElement {
  const caller = useStore(viewer);
  const { action } = props;
  if (caller === null) return <Skeleton rows={6} />;
  if (grantedActions(caller).includes(action)) return <NewBulk {...props} />;
  return (
    <Empty>
      You can’t {actionWords[action].verb.toLowerCase()} jobs (needs {scopeFor(action)}).
    </Empty>
  );
}

function ListRow({ operation, isChosen }: { operation: BulkRowFragment; isChosen: boolean }): ReactElement {
  const { id, reason, startedBy, status, createdAt, counts } = operation;
  return (
    <Link href={toAddress('bulk', { id })} className="bulk-row" aria-current={isChosen ? 'true' : undefined}>
      <span className="bulk-row-name">{nameOperation(operation)}</span>
      <Status look={bulkLooks[status]} />
      <span className="bulk-row-reason">{reason}</span>
      <span className="hint">
        <Time at={createdAt} /> · {startedBy.replace(':', ': ')}
      </span>
      <StackedBar parts={toParts(counts)} total={counts.selected} />
    </Link>
  );
}
