import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { toAddress } from '../address.ts';
import type { JobStatus } from '../api/generated/graphql.ts';
import { type Bucket, isNotCounted, showCount, sumBuckets, whyInexact } from '../jobs/count.ts';
import type { Counts } from '../jobs/counts.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { Icon } from '../ui/icon.tsx';
import { Skeleton, Status } from '../ui/parts.tsx';
import { healthLooks, jobLooks, jobStatuses } from '../ui/status.ts';

/** Tints of the numbers, by their share of the largest. */
const shares = [0.02, 0.15, 0.5, 1] as const;

/** Status by system as a table whose numbers are links, tinted by size. */
export function StatusTable({ counts, period }: { counts: Counts | null; period: string }): ReactElement {
  const since = period === '24h' ? null : period;
  const bySystem = Map.groupBy(counts?.buckets ?? [], ({ system }) => system?.id ?? '');
  const largest = Math.max(1, ...(counts?.buckets.map(({ count }) => count ?? 0) ?? []));
  return (
    <section className="card status-table" aria-label="Status by system">
      <div className="card-head">
        <h2>Status by system</h2>
        <span className="hint">jobs created in the period; each number opens them</span>
      </div>
      {!counts && <Skeleton rows={4} />}
      {counts && (
        <div className="scroll-x">
          <table>
            <caption className="visually-hidden">Jobs by system and status</caption>
            <thead>
              <tr>
                <td />
                {jobStatuses.map((status) => (
                  <th key={status} scope="col">
                    <Status look={jobLooks[status]} />
                  </th>
                ))}
                <th scope="col">All</th>
              </tr>
            </thead>
            <tbody>
              {Array.from(bySystem, ([id, buckets]) => (
                <SystemRow key={id} id={id} buckets={buckets} largest={largest} since={since} />
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">All systems</th>
                {jobStatuses.map((status) => (
                  <td key={status}>
                    <Link href={toAddress('jobs', { status, since })}>
                      {showCount(sumBuckets(counts.buckets.filter((bucket) => bucket.status === status)))}
                    </Link>
                  </td>
                ))}
                <td>
                  <Link href={toAddress('jobs', { since })}>{showCount(sumBuckets(counts.buckets))}</Link>
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </section>
  );
}

interface SystemRowProps {
  id: string;
  buckets: readonly Bucket[];
  largest: number;
  since: string | null;
}

function SystemRow({ id, buckets, largest, since }: SystemRowProps): ReactElement {
  const total = sumBuckets(buckets);
  const isMissing = isNotCounted(buckets);
  const shownTotal = isMissing ? '?' : showCount(total);
  const title = buckets[0]?.system?.title ?? id;
  return (
    <tr>
      <th scope="row">
        <SystemName id={id} title={title} />
      </th>
      {isMissing ? (
        <td colSpan={jobStatuses.length} className="not-counted">
          <span>Not counted: {whyInexact(buckets)}</span>
        </td>
      ) : (
        jobStatuses.map((status) => <NumberCell key={status} id={id} status={status} buckets={buckets} largest={largest} since={since} />)
      )}
      <td className="total">
        <Link href={toAddress('jobs', { system: id, since })} aria-label={`All jobs of ${title}: ${shownTotal}`}>
          {shownTotal}
        </Link>
      </td>
    </tr>
  );
}

function SystemName({ id, title }: { id: string; title: string }): ReactElement {
  const health = useStore(systems).systems.find((system) => system.id === id)?.health;
  if (!health) return <>{title}</>;
  const look = healthLooks[health.status];
  return (
    <Link href={toAddress('systems', { id })} className="system-name">
      <Icon name={look.icon} className={`tone-${look.tone}`} />
      {title}
      <span className={health.status === 'UP' ? 'hint' : `tone-${look.tone}`}>
        {health.status === 'UP' && health.latencyMs !== null ? `${Math.round(health.latencyMs)} ms` : look.label.toLowerCase()}
      </span>
    </Link>
  );
}

function NumberCell({ id, status, buckets, largest, since }: SystemRowProps & { status: JobStatus }): ReactElement {
  const own = buckets.filter((bucket) => bucket.status === status);
  const count = sumBuckets(own);
  const tint = count.count === 0 ? 0 : shares.findIndex((share) => count.count / largest <= share) + 1;
  return (
    <td>
      <Link
        href={toAddress('jobs', { system: id, status, since })}
        className={`number-cell tint-${tint} tone-of-${jobLooks[status].tone}`}
        title={own[0]?.problem?.message}
        aria-label={`${jobLooks[status].label} on ${own[0]?.system?.title ?? id}: ${showCount(count)}`}
      >
        {showCount(count)}
      </Link>
    </td>
  );
}
