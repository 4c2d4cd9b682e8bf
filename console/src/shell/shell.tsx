import { lazy, type ReactElement, Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { Drawer } from '../actions/drawer.tsx';
import { closeRun, shownRun } from '../actions/run.ts';
import { JobsPage } from '../jobs/jobs-page.tsx';
import { KeyHelp } from '../keyboard/help.tsx';
import { useKey } from '../keyboard/keys.ts';
import { generation } from '../session/credential.ts';
import { SignIn } from '../session/sign-in.tsx';
import { useStore } from '../store.ts';
import { startSystems } from '../systems/systems.ts';
import { zone } from '../time/zone.ts';
import { Announcements } from '../ui/announce.tsx';
import { Layers } from '../ui/layers.tsx';
import { Skeleton } from '../ui/parts.tsx';
import { AwayNotice, ExpiryNotice } from './notices.tsx';
import { TopBar } from './top-bar.tsx';

const OverviewPage = lazy(async () => ({ default: (await import('../overview/overview-page.tsx')).OverviewPage }));
const JobPage = lazy(async () => ({ default: (await import('../job/job-page.tsx')).JobPage }));
const BulkPage = lazy(async () => ({ default: (await import('../bulk/bulk-page.tsx')).BulkPage }));
const SystemsPage = lazy(async () => ({ default: (await import('../systems/systems-page.tsx')).SystemsPage }));
const AuditPage = lazy(async () => ({ default: (await import('../audit/audit-page.tsx')).AuditPage }));

/** What all pages have in common: the bar, the drawer of results, keys, and signing in. */
export function Shell(): ReactElement {
  const [showsKeys, setShowsKeys] = useState(false);
  const run = useStore(shownRun);
  const caller = useStore(generation);
  useEffect(startSystems, []);
  useEffect(() => generation.subscribe(closeRun), []);
  usePageKeys();
  useKey('help', () => setShowsKeys(true));
  useKey('toList', () => document.querySelector<HTMLElement>('[data-list] [tabindex="0"]')?.focus());
  useKey('toDrawer', run ? () => document.getElementById('results')?.focus() : null);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar onKeys={() => setShowsKeys(true)} />
      <div className={run ? 'body with-drawer' : 'body'}>
        <main id="main" tabIndex={-1}>
          <Layers>
            <AwayNotice />
            <ExpiryNotice />
            <Suspense fallback={<Skeleton rows={12} />}>
              <Pages key={caller} />
            </Suspense>
          </Layers>
        </main>
        {run && <Drawer run={run} />}
      </div>
      {showsKeys && <KeyHelp onClose={() => setShowsKeys(false)} />}
      <SignIn />
      <Announcements />
    </>
  );
}

function Pages(): ReactElement {
  return (
    <Switch>
      <Route path="/overview">
        <OverviewPage />
      </Route>
      <Route path="/jobs">
        <JobsPage />
      </Route>
      <Route path="/job">
        <JobPage />
      </Route>
      <Route path="/bulk">
        <BulkPage />
      </Route>
      <Route path="/systems">
        <SystemsPage />
      </Route>
      <Route path="/audit">
        <AuditPage />
      </Route>
      <Redirect to="/overview" />
    </Switch>
  );
}

function usePageKeys(): void {
  const [, navigate] = useLocation();
  useKey('overview', () => navigate('/overview'));
  useKey('jobs', () => navigate('/jobs'));
  useKey('bulk', () => navigate('/bulk'));
  useKey('systems', () => navigate('/systems'));
  useKey('audit', () => navigate('/audit'));
  useKey('zone', () => zone.set(zone.get() === 'utc' ? 'local' : 'utc'));
}
