import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type PageName, toAddress, toJob } from '../address.ts';
import { signInRequest, socketLostAtMs, socketState } from '../api/client.ts';
import { useLiveBulkCount } from '../bulk/live-count.ts';
import { useKey } from '../keyboard/keys.ts';
import { credential, signOut } from '../session/credential.ts';
import { SystemCredentials } from '../session/system-credentials.tsx';
import { useMay, viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { formatTime } from '../time/format.ts';
import { useZone, zone } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Layers } from '../ui/layers.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { isDark, theme } from './theme.ts';

/** The bar above all pages. */
export function TopBar({ onKeys }: { onKeys: () => void }): ReactElement {
  const down = useStore(systems).systems.filter(({ health }) => health.status === 'DOWN').length;
  const running = useLiveBulkCount();
  const mayReadJobs = useMay('jobs:read');
  const mayReadSystems = useMay('systems:read');
  const mayReadAudit = useMay('audit:read');
  return (
    <header className="top-bar">
      <Layers>
        <Link href="/overview" className="brand">
          <Icon name="logo" />
          Jobyard
        </Link>
        <nav aria-label="Pages">
          <PageLink page="overview" label="Overview" />
          {mayReadJobs && <PageLink page="jobs" label="Jobs" also="/job" />}
          {mayReadJobs && <PageLink page="bulk" label="Bulk" badge={running} badgeText={`${running} running`} />}
          {mayReadSystems && <PageLink page="systems" label="Systems" badge={down} badgeText={`${down} down`} tone="danger" />}
          {mayReadAudit && <PageLink page="audit" label="Audit" />}
        </nav>
        <LiveSign />
        <GoTo />
        <ZoneSwitch />
        <ThemeSwitch />
        <Button kind="bare" label="Keys" className="help" onClick={onKeys}>
          <kbd>?</kbd>
        </Button>
        <Account />
      </Layers>
    </header>
  );
}

interface PageLinkProps {
  page: PageName;
  label: string;
  also?: string;
  badge?: number;
  badgeText?: string;
  tone?: string;
}

function PageLink({ page, label, also, badge = 0, badgeText, tone = '' }: PageLinkProps): ReactElement {
  const [location] = useLocation();
  const isCurrent = location === `/${page}` || location === also;
  return (
    <Link href={toAddress(page)} className="page-link" aria-current={isCurrent ? 'page' : undefined}>
      {label}
      {badge > 0 && (
        <span className={`badge ${tone}`}>
          <span aria-hidden="true">{badge}</span>
          <span className="visually-hidden">{badgeText}</span>
        </span>
      )}
    </Link>
  );
}

function LiveSign(): ReactElement {
  const lostAtMs = useStore(socketLostAtMs);
  const shown = useZone();
  const isLost = useStore(socketState) === 'closed';
  return (
    <span className={isLost ? 'live lost' : 'live'}>
      <Icon name="live" />
      {isLost ? `Live stopped${lostAtMs === null ? '' : ` ${formatTime(lostAtMs, shown, Date.now())}`}` : 'Live'}
    </span>
  );
}

const pageNames: readonly PageName[] = ['overview', 'jobs', 'bulk', 'systems', 'audit'];

function GoTo(): ReactElement {
  const [, navigate] = useLocation();
  const field = useRef<HTMLInputElement>(null);
  useKey('search', () => field.current?.focus());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? '';
    if (text === '') return;
    const page = pageNames.find((name) => name === text.toLowerCase());
    const isId = /^[a-z][a-z0-9-]*:./.test(text);
    navigate(page ? toAddress(page) : isId ? toJob(text) : toAddress('jobs', { q: text, since: 'all' }));
    if (field.current) field.current.value = '';
    field.current?.blur();
  };
  return (
    <form className="go-to" onSubmit={submit}>
      <Icon name="search" />
      <input ref={field} type="text" aria-label="Go to ID or page" placeholder="Go to ID or page" spellCheck={false} autoComplete="off" />
      <kbd>/</kbd>
    </form>
  );
}

function ZoneSwitch(): ReactElement {
  const shown = useStore(zone);
  return (
    <fieldset className="switch">
      <legend className="visually-hidden">Time zone</legend>
      <button type="button" aria-pressed={shown === 'local'} onClick={() => zone.set('local')}>
        Local
      </button>
      <button type="button" aria-pressed={shown === 'utc'} onClick={() => zone.set('utc')}>
        UTC
      </button>
    </fieldset>
  );
}

function ThemeSwitch(): ReactElement {
  const dark = isDark(useStore(theme));
  return (
    <Button
      kind="bare"
      icon={dark ? 'moon' : 'sun'}
      label={dark ? 'Use the light theme' : 'Use the dark theme'}
      onClick={() => theme.set(dark ? 'light' : 'dark')}
    />
  );
}

function Account(): ReactElement {
  const caller = useStore(viewer);
  const { bearer } = useStore(credential);
  const [showsCredentials, setShowsCredentials] = useState(false);
  return (
    <>
      <Menu
        className="button plain account"
        name={`Account: ${caller?.name.replace(':', ': ') ?? 'not signed in'}`}
        label={
          <>
            <Icon name="user" />
            <span className="account-name">{caller?.name.replace(':', ': ') ?? 'Not signed in'}</span>
            <Icon name="down" />
          </>
        }
      >
        <MenuItem icon="lock" onClick={() => setShowsCredentials(true)}>
          Your own credentials
        </MenuItem>
        <MenuItem icon="user" onClick={() => signInRequest.set({ isRejected: false })}>
          Sign in with another key
        </MenuItem>
        {bearer !== null && (
          <MenuItem icon="close" onClick={signOut}>
            Sign out in all tabs
          </MenuItem>
        )}
      </Menu>
      {showsCredentials && <SystemCredentials onClose={() => setShowsCredentials(false)} />}
    </>
  );
}
