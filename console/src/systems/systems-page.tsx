import '../styles/systems.css';
import { type ReactElement, useEffect } from 'react';
import { Link, useSearch } from 'wouter';
import { toAddress } from '../address.ts';
import type { ActionSupport, JobAction } from '../api/generated/graphql.ts';
import { NoAccess } from '../session/no-access.tsx';
import { useMay } from '../session/viewer.ts';
import { useTitle } from '../shell/title.ts';
import { useStore } from '../store.ts';
import { formatAge } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Button } from '../ui/button.tsx';
import { FailureNotice, Skeleton, Status } from '../ui/parts.tsx';
import { Scroller } from '../ui/scroller.tsx';
import { actionWords, healthLooks, jobActions, jobLooks } from '../ui/status.ts';
import { followSystems, readSystems, type System, systems } from './systems.ts';
import { Traffic } from './traffic.tsx';

/** The health of each system, and what it can do. */
export function SystemsPage(): ReactElement {
  const { systems: all, failure, readAtMs } = useStore(systems);
  const mayRead = useMay('systems:read');
  const chosen = new URLSearchParams(useSearch()).get('id');
  useTitle('Systems');
  useNow();
  useEffect(() => (mayRead ? followSystems() : undefined), [mayRead]);
  return (
    <div className="page scrolls">
      <header className="page-head">
        <h1>Systems</h1>
        <p className="facts">{readAtMs !== null && `checked ${formatAge(Date.now() - readAtMs)} ago`}</p>
        <span className="spacer" />
        <Button icon="restart" onClick={() => void readSystems()}>
          Check now
        </Button>
      </header>
      {failure && <FailureNotice failure={failure} onRetry={() => void readSystems()} />}
      {!mayRead && <NoAccess scope="systems:read" />}
      {mayRead && readAtMs === null && !failure && <Skeleton rows={4} />}
      {all.map((system) => (
        <SystemCard key={system.id} system={system} isChosen={system.id === chosen} />
      ))}
    </div>
  );
}

function SystemCard({ system, isChosen }: { system: System; isChosen: boolean }): ReactElement {
  const { id, title, vendor, health } = system;
  useEffect(() => {
    if (isChosen) document.getElementById(`system-${id}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, isChosen]);
  return (
    <section className={isChosen ? 'card system chosen' : 'card system'} id={`system-${id}`} aria-label={title}>
      <header className="system-head">
        <h2>{title}</h2>
        <code>{id}</code>
        <span className="hint">{vendor}</span>
        <Status look={healthLooks[health.status]} />
        <span>{health.latencyMs === null ? '' : `${Math.round(health.latencyMs)} ms`}</span>
        <span className="hint">{health.checkedAt !== null && `checked ${formatAge(Date.now() - Date.parse(health.checkedAt))} ago`}</span>
        <span className="spacer" />
        <Link href={toAddress('jobs', { system: id })}>Jobs</Link>
      </header>
      {health.problem && <p className="system-problem">{health.problem.message}</p>}
      <Traffic system={system} />
      <Capabilities system={system} />
    </section>
  );
}

const supportLabels: Record<ActionSupport, string> = {
  NATIVE_BATCH: 'Several at a time',
  ONE_BY_ONE: 'One by one',
  UNSUPPORTED: 'Not supported',
};

function Capabilities({ system }: { system: System }): ReactElement {
  const byAction = new Map<JobAction, System['capabilities'][number]>(system.capabilities.map((one) => [one.action, one]));
  return (
    <Scroller label={`Actions of ${system.title}`}>
      <table className="data">
        <caption className="visually-hidden">Actions that {system.title} supports</caption>
        <thead>
          <tr>
            <th scope="col">Action</th>
            <th scope="col">Support</th>
            <th scope="col">In status</th>
            <th scope="col">Jobs per request</th>
            <th scope="col">Takes effect</th>
          </tr>
        </thead>
        <tbody>
          {jobActions.map((action) => {
            const capability = byAction.get(action);
            if (!capability || capability.support === 'UNSUPPORTED') {
              return (
                <tr key={action} className="dim">
                  <th scope="row">{actionWords[action].verb}</th>
                  <td colSpan={4}>{supportLabels.UNSUPPORTED}</td>
                </tr>
              );
            }
            return (
              <tr key={action}>
                <th scope="row">{actionWords[action].verb}</th>
                <td>{supportLabels[capability.support]}</td>
                <td>
                  <span className="statuses">
                    {capability.allowedStatuses.map((status) => (
                      <Status key={status} look={jobLooks[status]} />
                    ))}
                  </span>
                </td>
                <td>{capability.support === 'ONE_BY_ONE' ? '1' : (capability.maxBatchSize ?? 'no limit')}</td>
                <td>{capability.asynchronous ? 'later' : 'at once'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroller>
  );
}
