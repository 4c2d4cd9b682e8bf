import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { toAddress } from '../address.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { formatAge } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/parts.tsx';
import type { JobsView } from './address.ts';
import type { ListState, SystemOfPage } from './live-list.ts';

interface MissingSystemsProps {
  list: ListState;
  view: JobsView;
  onView: (view: JobsView) => void;
  onRetry: () => void;
}

/** One notice per system whose rows are missing. It goes when it is no longer true. */
export function MissingSystems({ list, view, onView, onRetry }: MissingSystemsProps): ReactElement {
  const [, navigate] = useLocation();
  useNow();
  const known = useStore(systems).systems;
  const missing = list.systems.filter(({ problem }) => problem !== null);
  const leaveOut = (id: string): void => {
    const all = known.length > 0 ? known.map((system) => system.id) : list.systems.map(({ system }) => system.id);
    const chosen = view.systems.length > 0 ? view.systems : all;
    onView({ ...view, systems: chosen.filter((one) => one !== id) });
  };
  return (
    <>
      {missing.map((page) => (
        <Notice
          key={page.system.id}
          tone={page.problem?.code === 'SCAN_LIMIT_REACHED' || page.problem?.code === 'INCOMPLETE_LIST' ? 'warning' : 'danger'}
          actions={
            <>
              <Button onClick={onRetry}>Retry now</Button>
              {list.systems.length > 1 && <Button onClick={() => leaveOut(page.system.id)}>Leave {page.system.title} out</Button>}
              <Button kind="bare" icon="right" className="details" onClick={() => navigate(toAddress('systems', { id: page.system.id }))}>
                Details
              </Button>
            </>
          }
        >
          <strong>{headline(page)}</strong> {page.problem?.message}
          {list.readAtMs !== null && ` Last attempt ${formatAge(Date.now() - list.readAtMs)} ago.`}
        </Notice>
      ))}
    </>
  );
}

function headline({ system, returnedCount }: SystemOfPage): string {
  return returnedCount === 0 ? `${system.title} is missing here.` : `Some jobs of ${system.title} are missing here.`;
}
