import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ActionDialog } from '../actions/dialog.tsx';
import { countJobs, type Plan, planAction } from '../actions/plan.ts';
import { shownRun } from '../actions/run.ts';
import { nowMs } from '../api/clock.ts';
import type { JobAction } from '../api/generated/graphql.ts';
import { useKey } from '../keyboard/keys.ts';
import { viewer } from '../session/viewer.ts';
import { useCanonicalAddress } from '../shell/canonical-address.ts';
import { useTitle } from '../shell/title.ts';
import { useStore } from '../store.ts';
import { announce, announceArrival } from '../ui/announce.tsx';
import { FailureNotice } from '../ui/parts.tsx';
import { useReading } from '../ui/reading.ts';
import { ActionBar } from './action-bar.tsx';
import { type JobsView, readView, toFilter, writeView } from './address.ts';
import { Chips } from './chips.tsx';
import { countView, showCount } from './count.ts';
import { type Counts, useCounts } from './counts.ts';
import { Filters } from './filters.tsx';
import { Footer } from './footer.tsx';
import { Heading } from './heading.tsx';
import { createJobsState, type JobsState } from './jobs-state.ts';
import { MissingSystems } from './missing-systems.tsx';
import { toOrder } from './orders.ts';
import { JobsTable } from './table.tsx';

/** All systems' jobs on one page: filter, select, act. */
export function JobsPage(): ReactElement {
  const { view, setView } = useView();
  const [jobs] = useState(createJobsState);
  useEffect(() => jobs.start(), [jobs]);
  useReading(writeView({ ...view, columns: [] }), () => {
    jobs.list.open({ filter: toFilter(view, nowMs()), orderBy: toOrder(view.order) });
  });
  const list = useStore(jobs.list.state);
  const counts = useCounts(view, list.phase !== 'loading');
  const [plan, setPlan] = useState<Plan | null>(null);
  const act = (action: JobAction, ids: readonly string[]): void => setPlan(planFor(jobs, action, ids));
  useListKeys(jobs, act);
  useTitle(`Jobs, ${counts ? showCount(countView(counts.buckets, view)) : list.order.length}`);
  useEffect(() => {
    if (list.entered > 0) announceArrival(`${countJobs(list.entered, 'new')}. Press U to update the list.`);
  }, [list.entered]);
  return (
    <div className="page jobs-page">
      <Heading jobs={jobs} view={view} counts={counts} onView={setView} />
      {list.phase === 'failed' && list.failure && <FailureNotice failure={list.failure} onRetry={() => void jobs.list.refresh()} />}
      <MissingSystems list={list} view={view} onView={setView} onRetry={() => void jobs.list.refresh()} />
      <Filters jobs={jobs} view={view} onView={setView} />
      <Chips view={view} counts={counts} onView={setView} />
      <JobsTable jobs={jobs} view={view} onView={setView} onAct={act} />
      <Bottom jobs={jobs} view={view} counts={counts} onAct={act} />
      {plan && <ActionDialog plan={plan} onClose={() => setPlan(null)} onSent={() => jobs.selection.clear()} />}
    </div>
  );
}

interface BottomProps {
  jobs: JobsState;
  view: JobsView;
  counts: Counts | null;
  onAct: (action: JobAction, ids: readonly string[]) => void;
}

function Bottom({ jobs, view, counts, onAct }: BottomProps): ReactElement {
  const selected = useStore(jobs.selection.ids);
  if (selected.size > 0) return <ActionBar jobs={jobs} view={view} counts={counts} selected={selected} onAct={onAct} />;
  return <Footer jobs={jobs} view={view} counts={counts} />;
}

/** The view that the address says. `isTyping` replaces the address instead of adding to the history. */
function useView() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => readView(search), [search]);
  const setView = (next: JobsView, isTyping = false): void => {
    const text = writeView(next);
    navigate(`/jobs${text === '' ? '' : `?${text}`}`, { replace: isTyping });
  };
  useCanonicalAddress('/jobs', writeView(view));
  return { view, setView };
}

function planFor({ rows }: JobsState, action: JobAction, ids: readonly string[]): Plan | null {
  const jobs = ids.flatMap((id) => rows.get(id)?.job ?? []);
  const plan = planAction(action, jobs, viewer.get());
  if (plan.targets.length > 0) return plan;
  announce(plan.leftOut[0]?.reason ?? 'No job is selected');
  return null;
}

function useListKeys(jobs: JobsState, act: (action: JobAction, ids: readonly string[]) => void): void {
  const { selection, list, focused } = jobs;
  const selected = useStore(selection.ids);
  const current = useStore(focused);
  const hasDrawer = useStore(shownRun) !== null;
  const ids = selected.size > 0 ? [...selected] : current === null ? [] : [current];
  useKey('cancel', ids.length > 0 ? () => act('CANCEL', ids) : null);
  useKey('pause', ids.length > 0 ? () => act('PAUSE', ids) : null);
  useKey('resume', ids.length > 0 ? () => act('RESUME', ids) : null);
  useKey('update', () => list.update());
  useKey('selectAll', () => selection.set(list.state.get().order));
  useKey('select', current === null ? null : () => selection.toggle(current));
  useKey('selectRange', current === null ? null : () => selection.extendTo(current, list.state.get().order));
  useKey('copy', current === null ? null : () => void navigator.clipboard.writeText(current));
  // The drawer closes first.
  useKey('escape', selected.size > 0 && !hasDrawer ? () => selection.clear() : null);
}
