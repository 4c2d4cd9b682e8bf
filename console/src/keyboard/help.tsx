import type { ReactElement } from 'react';
import { may, type ScopeName, viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { isOff, type KeyName, keys, keysOff, toggleKey } from './keys.ts';

const groups: readonly (readonly [string, readonly KeyName[]])[] = [
  ['List', ['down', 'up', 'select', 'selectRange', 'selectAll', 'copy', 'update']],
  ['Actions', ['cancel', 'pause', 'resume']],
  ['Pages', ['overview', 'jobs', 'bulk', 'systems', 'audit', 'search']],
  ['More', ['zone', 'toList', 'toDrawer', 'help', 'escape']],
];

/** What a key needs, on any system. */
const scopes: Partial<Record<KeyName, ScopeName>> = {
  cancel: 'jobs:cancel',
  pause: 'jobs:operate',
  resume: 'jobs:operate',
  jobs: 'jobs:read',
  bulk: 'jobs:read',
  systems: 'systems:read',
  audit: 'audit:read',
};

/** All keys that do something for the caller; each can be turned off. */
export function KeyHelp({ onClose }: { onClose: () => void }): ReactElement {
  const off = useStore(keysOff);
  const caller = useStore(viewer);
  const isShown = (name: KeyName): boolean => {
    const scope = scopes[name];
    return scope === undefined || may(caller, scope);
  };
  const shown = groups.map(([title, names]) => [title, names.filter(isShown)] as const).filter(([, names]) => names.length > 0);
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className="key-help">
        {shown.map(([title, names]) => (
          <section key={title}>
            <h3>{title}</h3>
            {names.map((name) => (
              <label key={name}>
                <input type="checkbox" checked={!isOff(off, name)} onChange={() => toggleKey(name)} />
                <span>{keys[name].label}</span>
                <kbd>{keys[name].combination}</kbd>
              </label>
            ))}
          </section>
        ))}
      </div>
      <p className="hint">Clear a box to turn its key off. In the list, Enter opens the job, and the arrow keys reach its buttons.</p>
    </Dialog>
  );
}
