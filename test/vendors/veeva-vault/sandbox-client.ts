import { onTestFinished } from 'vitest';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import type { SandboxOptions } from '../../../src/sandbox-kit/sandbox.ts';
import { startVeevaVaultSandbox, type VaultSwitches } from '../../../src/vendors/veeva-vault/sandbox/index.ts';

/** Noon, so that nothing is near a day's or a window's edge. */
export const startAtMs = Date.parse('2026-03-02T12:00:00.000Z');

export interface VaultError {
  type: string;
  message: string;
}

export interface JobRow {
  job_id: number;
  title: string;
  status: string;
  [field: string]: unknown;
}

/** Every key that a test reads. The tests check which keys a response contains. */
export interface Body {
  responseStatus: string;
  responseMessage?: string;
  errorType?: string;
  errors: VaultError[];
  warnings?: VaultError[];
  sessionId: string;
  vaultId: number;
  vaultIds: { id: number; name: string; url: string }[];
  values: Record<string, string>;
  users: { user: Record<string, unknown> }[];
  url: string;
  responseDetails: { total: number; limit: number; offset: number; next_page?: string; previous_page?: string };
  jobs: JobRow[];
  tasks: Record<string, string>[];
  job_id: number;
  data: Record<string, unknown>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
  text: string;
}

export type Vault = Awaited<ReturnType<typeof startVault>>;

/** A Vault without initial jobs and with a stopped clock. Closed when the test ends. */
export async function startVault(options: SandboxOptions<VaultSwitches> = {}) {
  const clock = createClock({ startAtMs, frozen: true });
  const sandbox = await startVeevaVaultSandbox({ clock, jobs: 0, ...options, switches: { arrivals: false, ...options.switches } });
  onTestFinished(sandbox.close);

  async function call(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(sandbox.url + path, { ...init, method });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Body };
  }

  const login = (fields: Record<string, string> = {}, path = '/api/v26.1/auth') => {
    const { username, password } = sandbox.state.users.integration;
    return call('POST', path, { body: new URLSearchParams({ username, password, ...fields }) });
  };

  return {
    ...sandbox,
    call,
    login,
    /** Calls with a session of the integration user, opened on first use. */
    as:
      (session: string) =>
      (method: string, path: string, init: RequestInit = {}) =>
        call(method, `/api/v26.1${path}`, {
          ...init,
          headers: { authorization: session, ...Object.fromEntries(new Headers(init.headers)) },
        }),
  };
}

/** A Vault, and calls below `/api/v26.1` with a session of the integration user. */
export async function startVaultWithSession(options: SandboxOptions<VaultSwitches> = {}) {
  const vault = await startVault(options);
  const session = (await vault.login()).body.sessionId;
  const send = vault.as(session);
  return {
    ...vault,
    session,
    send,
    get: (path: string) => send('GET', path),
    cancel: (body: unknown, contentType = 'application/json') =>
      send('POST', '/services/jobs/actions/cancel', {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': contentType },
      }),
  };
}

export function errorType(answer: Answer): string | undefined {
  return answer.body.errors?.[0]?.type;
}
