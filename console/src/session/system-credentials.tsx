import { type FormEvent, type ReactElement, useState } from 'react';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { credential, signIn } from './credential.ts';

/** One field for each system that requires the caller's own credential. */
export function SystemCredentials({ onClose }: { onClose: () => void }): ReactElement {
  const { bearer, systems: present } = useStore(credential);
  const all = useStore(systems).systems;
  const asked = all.filter(({ id, health }) => health.status === 'UNKNOWN' || id in present);
  const [values, setValues] = useState(present);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn(bearer, Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')));
    onClose();
  };
  return (
    <Dialog title="Your own credentials" onClose={onClose}>
      <form className="sign-in" onSubmit={submit}>
        {asked.length === 0 && <p className="hint">No system requires a credential of your own.</p>}
        {asked.map(({ id, title }) => (
          <label key={id}>
            Your own credential for {title}
            <input
              type="password"
              autoComplete="off"
              spellCheck={false}
              value={values[id] ?? ''}
              onChange={({ target }) => setValues({ ...values, [id]: target.value })}
            />
          </label>
        ))}
        <p className="hint">Forgotten when the last console tab closes.</p>
        <Button kind="primary" type="submit">
          Use these
        </Button>
      </form>
    </Dialog>
  );
}
