import type { ReactElement } from 'react';
import { useStore } from '../store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { isOff, type KeyName, keys, keysOff, toggleKey } from './keys.ts';

const groups: readonly (readonly [string, readonly KeyName[]])[] = [
  ['List', ['down', 'up', 'select', 'selectRange', 'selectAll', 'copy', 'update']],
  ['Actions', ['cancel', 'pause', 'resume']],
  ['Pages', ['overview', 'jobs', 'bulk', 'systems', 'audit', 'search']],
  ['More', ['zone', 'toList', 'toDrawer', 'help', 'escape']],
];

/** All keys; each can be turned off. */
export function KeyHelp({ onClose }: { onClose: () => void }): ReactElement {
  const off = useStore(keysOff);
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className="key-help">
        {groups.map(([title, names]) => (
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
