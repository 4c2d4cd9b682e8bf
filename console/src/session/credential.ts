import { base } from '../address.ts';
import { createStore } from '../store.ts';

/** What the caller signed in with. */
export interface Credential {
  /** An API key or a token. Null: none was given, as where access control is off. */
  bearer: string | null;
  /** The caller's own credential for systems that require one, by system ID. */
  systems: Readonly<Record<string, string>>;
}

const none: Credential = { bearer: null, systems: {} };
const key = 'jobyard.credential';

/** The longest wait for the other tabs' response, in milliseconds. */
const otherTabsMs = 150;

type Message = { kind: 'ask' } | { kind: 'credential'; credential: Credential } | { kind: 'signed-out' };

/** The credential of this tab. It is stored for the tab only; a new tab asks those that are signed in. */
export const credential = createStore<Credential>(readStored());

const channel = new BroadcastChannel(`jobyard ${base}`);

/** Counts the credentials that this tab has had, so that nothing of one caller is shown to the next. */
export const generation = createStore(0);
credential.subscribe(() => generation.set(generation.get() + 1));

/** Fulfilled when this tab knows whether another tab is signed in. */
export const credentialReady: Promise<void> = credential.get() === none ? askOtherTabs() : Promise.resolve();

channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'ask' && credential.get() !== none) post({ kind: 'credential', credential: credential.get() });
  if (data.kind === 'credential' && credential.get() === none) store(data.credential);
  if (data.kind === 'signed-out') store(none);
});

export function signIn(bearer: string | null, systems: Readonly<Record<string, string>> = credential.get().systems): void {
  store({ bearer, systems });
}

/** In all tabs. */
export function signOut(): void {
  store(none);
  post({ kind: 'signed-out' });
}

/** The headers, or the WebSocket's parameters, that identify the caller. */
export function toHeaders({ bearer, systems }: Credential): Record<string, string> {
  const headers: Record<string, string> = {};
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`;
  for (const [systemId, value] of Object.entries(systems)) headers[`x-jobyard-credential-${systemId}`] = value;
  return headers;
}

function askOtherTabs(): Promise<void> {
  return new Promise((resolve) => {
    const stop = credential.subscribe(finish);
    const timer = setTimeout(finish, otherTabsMs);
    function finish(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
    post({ kind: 'ask' });
  });
}

function post(message: Message): void {
  channel.postMessage(message);
}

function store(value: Credential): void {
  try {
    if (value === none) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The tab keeps it until it is reloaded.
  }
  credential.set(value);
}

function readStored(): Credential {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return isCredential(value) ? value : none;
  } catch {
    return none;
  }
}

function isCredential(value: unknown): value is Credential {
  return typeof value === 'object' && value !== null && 'bearer' in value && 'systems' in value && typeof value.systems === 'object';
}
