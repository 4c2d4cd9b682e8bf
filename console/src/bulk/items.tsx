import { Tabs } from '@base-ui/react/tabs';
import { type ReactElement, useState } from 'react';
import { Link } from 'wouter';
import { toJob } from '../address.ts';
import { describeFailure } from '../api/failure.ts';
import type { BulkDetailsFragment } from '../api/generated/graphql.ts';
import { titleOf } from '../systems/systems.ts';
import { formatCount } from '../time/format.ts';
import { Time } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import { LongName, Status } from '../ui/parts.tsx';
import { outcomeLooks } from '../ui/status.ts';
import { type BulkItem, type ItemFilter, isOver, useItems } from './bulk-data.ts';
import type { ShownCounts } from './shown-counts.ts';

type Tab = 'FAILED' | 'NOT_SENT' | 'UNKNOWN' | 'PENDING' | 'SUCCEEDED' | 'ALL';

const ofStatus = (status: ItemFilter['status']): ItemFilter => ({ status, outcomes: null });

const filters: Record<Tab, ItemFilter> = {
  FAILED: ofStatus('FAILED'),
  NOT_SENT: { status: 'FAILED', outcomes: ['NOT_ATTEMPTED'] },
  UNKNOWN: ofStatus('UNKNOWN'),
  PENDING: ofStatus('PENDING'),
  SUCCEEDED: ofStatus('SUCCEEDED'),
  ALL: ofStatus(null),
};

/** The failed items without those that were never sent. */
const sentAndFailed: ItemFilter = {
  status: 'FAILED',
  outcomes: ['JOB_NOT_FOUND', 'ACTION_NOT_ALLOWED', 'ACCESS_DENIED', 'SYSTEM_UNAVAILABLE', 'VENDOR_REJECTED'],
};

/** The items, by status, with the reason of each. */
export function Items({ operation, counts }: { operation: BulkDetailsFragment; counts: ShownCounts }): ReactElement {
  const [chosen, setChosen] = useState<Tab | null>(null);
  const tab = chosen ?? (counts.unknown > 0 ? 'UNKNOWN' : counts.failed > 0 ? 'FAILED' : counts.notSent > 0 ? 'NOT_SENT' : 'ALL');
  const tabs: readonly (readonly [Tab, string, number])[] = [
    ['UNKNOWN', 'Unknown', counts.unknown],
    ['FAILED', counts.undecided > 0 ? 'Failed or not sent' : 'Failed', counts.failed + counts.undecided],
    ...(counts.notSent > 0 ? ([['NOT_SENT', 'Not sent', counts.notSent]] as const) : []),
    ['PENDING', 'To do', counts.pending],
    ['SUCCEEDED', 'Done', counts.succeeded],
    ['ALL', 'All', counts.selected],
  ];
  return (
    <section className="card" aria-label="Items">
      <Tabs.Root value={tab} onValueChange={(value: Tab) => setChosen(value)}>
        <Tabs.List className="tabs">
          {tabs.map(([value, label, count]) => (
            <Tabs.Tab key={value} value={value} className="tab">
              {label} {formatCount(count)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(([value]) => (
          <Tabs.Panel key={value} value={value}>
            <ItemTable operation={operation} filter={value === 'FAILED' && counts.notSent > 0 ? sentAndFailed : filters[value]} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </section>
  );
}

function ItemTable({ operation, filter }: { operation: BulkDetailsFragment; filter: ItemFilter }): ReactElement {
  const { items, hasMore, failure, isRead, loadMore } = useItems(operation.id, filter, !isOver(operation.status));
  if (failure) return <p className="card-empty">{describeFailure(failure)}</p>;
  if (isRead && items.length === 0) return <p className="card-empty">None.</p>;
  return (
    <div className="scroll-x">
      <Reasons items={items} />
      <table className="data items">
        <caption className="visually-hidden">Items</caption>
        <thead>
          <tr>
            {['Result', 'Job', 'System', 'Reason'].map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
            <th scope="col" className="number">
              Attempts
            </th>
            <th scope="col">Finished</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <ItemRow key={item.jobId} item={item} />
          ))}
        </tbody>
      </table>
      {hasMore && (
        <p className="more">
          <Button onClick={() => void loadMore()}>More items</Button>
        </p>
      )}
    </div>
  );
}

const todo = { label: 'To do', icon: 'queued', tone: 'neutral' } as const;

function ItemRow({ item }: { item: BulkItem }): ReactElement {
  return (
    <tr>
      <td className="nowrap">
        <Status look={item.outcome === null ? todo : outcomeLooks[item.outcome]} />
      </td>
      <td className="job">
        <Link href={toJob(item.jobId)}>
          <LongName name={item.job.name} />
        </Link>
      </td>
      <td className="nowrap">{titleOf(item.job.systemId)}</td>
      <td className="reason-text">{item.result && 'message' in item.result ? item.result.message : ''}</td>
      <td className="number">{item.attempts}</td>
      <td className="nowrap">{item.finishedAt !== null && <Time at={item.finishedAt} />}</td>
    </tr>
  );
}

/** The loaded failures by outcome, and their IDs to copy. */
function Reasons({ items }: { items: readonly BulkItem[] }): ReactElement | null {
  const bad = items.filter(({ status }) => status === 'FAILED' || status === 'UNKNOWN');
  if (bad.length === 0) return null;
  const byLabel = Map.groupBy(bad, ({ outcome }) => (outcome === null ? '' : outcomeLooks[outcome].label));
  return (
    <p className="reasons">
      {Array.from(byLabel, ([label, those]) => (
        <span key={label} className="tag">
          {label} <strong>{those.length}</strong>
        </span>
      ))}
      <span className="spacer" />
      <Button kind="bare" icon="copy" onClick={() => void navigator.clipboard.writeText(bad.map(({ jobId }) => jobId).join('\n'))}>
        Copy IDs
      </Button>
    </p>
  );
}
