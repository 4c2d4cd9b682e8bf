import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { countOf, type Plan, planAction, scopeFor } from '../actions/plan.ts';
import type { JobAction } from '../api/generated/graphql.ts';
import { may, viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { formatCount } from '../time/format.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { actionWords, jobActions } from '../ui/status.ts';
import { type JobsView, writeView } from './address.ts';
import { countView, showCount } from './count.ts';
import type { Counts } from './counts.ts';
import type { JobsState } from './jobs-state.ts';

interface ActionBarProps {
  jobs: JobsState;
  view: JobsView;
  counts: Counts | null;
  selected: ReadonlySet<string>;
  onAct: (action: JobAction, ids: readonly string[]) => void;
}

const barActions: readonly JobAction[] = ['CANCEL', 'PAUSE', 'RESTART'];

/** What can be done with the selected jobs. Each action says how many can take it, or why none can. */
export function ActionBar({ jobs, view, counts, selected, onAct }: ActionBarProps): ReactElement {
  const caller = useStore(viewer);
  const ids = [...selected];
  const entries = ids.flatMap((id) => jobs.rows.get(id)?.job ?? []);
  const plans = jobActions.filter((action) => may(caller, scopeFor(action))).map((action) => planAction(action, entries, caller));
  const inBar = plans.filter(({ action }) => barActions.includes(action));
  const inMenu = plans.filter(({ action }) => !barActions.includes(action));
  const firstAction = plans[0]?.action;
  return (
    <section className="action-bar" aria-label="Selected jobs">
      <strong>{formatCount(selected.size)} selected</strong>
      {firstAction && (
        <Link href={`/bulk?new=${firstAction}&${writeView(view)}`} className="all-matching">
          All {counts ? `${showCount(countView(counts.buckets, view))} ` : ''}that match
        </Link>
      )}
      {inBar.map((plan) => (
        <ActionButton key={plan.action} plan={plan} onClick={() => onAct(plan.action, ids)} />
      ))}
      {inMenu.length > 0 && (
        <Menu
          label={
            <>
              More <Icon name="down" />
            </>
          }
        >
          {inMenu.map((plan) => (
            <MenuItem
              key={plan.action}
              icon={actionWords[plan.action].icon}
              unavailable={plan.targets.length > 0 ? null : (plan.leftOut[0]?.reason ?? 'No job')}
              onClick={() => onAct(plan.action, ids)}
            >
              {actionWords[plan.action].verb} {plan.targets.length > 0 ? countOf(plan) : ''}
            </MenuItem>
          ))}
          <MenuItem icon="copy" onClick={() => void navigator.clipboard.writeText(ids.join('\n')).then(() => announce('Copied'))}>
            Copy {selected.size === 1 ? 'the ID' : `${selected.size} IDs`}
          </MenuItem>
        </Menu>
      )}
      <span className="spacer" />
      <Button kind="bare" onClick={() => jobs.selection.clear()}>
        Deselect <kbd>Esc</kbd>
      </Button>
    </section>
  );
}

function ActionButton({ plan, onClick }: { plan: Plan; onClick: () => void }): ReactElement {
  const { verb, icon } = actionWords[plan.action];
  const isPossible = plan.targets.length > 0;
  return (
    <Button
      kind={plan.action === 'CANCEL' && isPossible ? 'danger' : 'plain'}
      icon={icon}
      unavailable={isPossible ? null : (plan.leftOut[0]?.reason ?? null)}
      onClick={onClick}
    >
      {verb} {isPossible ? countOf(plan) : ''}
    </Button>
  );
}
