import { type FormEvent, type ReactElement, useRef } from 'react';
import { signInRequest } from '../api/client.ts';
import { useStore } from '../store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { signIn } from './credential.ts';

/** A sheet over the page, while Jobyard asks who calls. */
export function SignIn(): ReactElement | null {
  const asked = useStore(signInRequest);
  const field = useRef<HTMLInputElement>(null);
  if (!asked) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const bearer = field.current?.value.trim() ?? '';
    if (bearer === '') return;
    signInRequest.set(null);
    signIn(bearer);
  };
  return (
    <Dialog title="Sign in to Jobyard" onClose={null} initialFocus={field}>
      <form className="sign-in" onSubmit={submit}>
        <label htmlFor="bearer">API key or token</label>
        <input
          id="bearer"
          ref={field}
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={asked.isRejected}
          aria-describedby="bearer-hint"
        />
        <p id="bearer-hint" role={asked.isRejected ? 'alert' : undefined} className={asked.isRejected ? 'error' : 'hint'}>
          {asked.isRejected ? 'Jobyard rejected this key or token.' : 'Forgotten when the last console tab closes.'}
        </p>
        <Button kind="primary" type="submit">
          Sign in
        </Button>
      </form>
    </Dialog>
  );
}
