import type { IncomingHttpHeaders } from 'node:http';

/** A user of the cluster. */
export interface Account {
  username: string;
  password: string;
  /** The user's OAuth token. */
  token?: string;
  /** Has the system_admin permission, which the Jobs screens need. */
  administrator: boolean;
}

/** The administrator comes first. */
export function defaultAccounts(): Account[] {
  return [
    { username: 'admin', password: 'Kinetica1!', token: 'kin-oauth-5f0c9e3a7b', administrator: true },
    { username: 'ops_müller', password: 'grün&Größe7', administrator: true },
    { username: 'svc_superset', password: 'read-only-7', token: 'kin-oauth-1d84b2c6e0', administrator: false },
  ];
}

/** The account that an Authorization header proves, by Basic (UTF-8) or Bearer. */
export function authenticate(headers: IncomingHttpHeaders, accounts: readonly Account[]): Account | undefined {
  const header = headers.authorization ?? '';
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic': {
      const pair = Buffer.from(credentials, 'base64').toString('utf8');
      return accounts.find(({ username, password }) => pair === `${username}:${password}`);
    }
    case 'bearer':
      return accounts.find(({ token }) => token === credentials);
    default:
      return undefined;
  }
}
