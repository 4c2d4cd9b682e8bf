import { createHmac } from 'node:crypto';

/** The roles of the simple auth manager, each with the permissions of those before it. */
const roles = ['viewer', 'user', 'op', 'admin'] as const;
type Role = (typeof roles)[number];

export interface User {
  username: string;
  password: string;
  role: Role;
  /** The DAGs that the user has permissions on, as the FAB auth manager grants them; null: all. */
  dags: readonly string[] | null;
}

export interface Users {
  add(user: User): void;
  find(username: string): User | undefined;
}

export function createUsers(): Users {
  const users = new Map<string, User>();
  const add = (user: User): void => void users.set(user.username, user);
  add({ username: 'admin', password: 'airflow-admin', role: 'admin', dags: null });
  add({ username: 'op', password: 'night-shift', role: 'op', dags: null });
  add({ username: 'viewer', password: 'only-looking', role: 'viewer', dags: null });
  return { add, find: (username) => users.get(username) };
}

/** Whether the user may change runs. */
export function mayChange({ role }: User): boolean {
  return role !== 'viewer';
}

export function maySee({ dags }: User, dagId: string): boolean {
  return dags === null || dags.includes(dagId);
}

export type TokenCheck = { kind: 'user'; user: User } | { kind: 'expired' } | { kind: 'invalid' };

/** Tokens that only this Airflow accepts. */
export interface Tokens {
  issue(user: User, seconds: number): string;
  check(token: string): TokenCheck;
  /** Invalidates all tokens, as a restart without a configured secret does. */
  changeSecret(): void;
}

/** Airflow accepts a token for some seconds longer. */
const leewaySeconds = 10;

export function createTokens(users: Users, nowMs: () => number): Tokens {
  let secret = 1;
  const sign = (text: string): string => createHmac('sha512', `secret ${secret}`).update(text).digest('base64url');
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    issue({ username }, seconds) {
      const iat = Math.floor(nowMs() / 1000);
      const text = `${encode({ alg: 'HS512', typ: 'JWT' })}.${encode({ sub: username, iat, nbf: iat, exp: iat + seconds, aud: 'apache-airflow' })}`;
      return `${text}.${sign(text)}`;
    },
    check(token) {
      const [head = '', payload = '', signature] = token.split('.');
      if (sign(`${head}.${payload}`) !== signature) return { kind: 'invalid' };
      const { sub, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { sub: string; exp: number };
      if ((exp + leewaySeconds) * 1000 <= nowMs()) return { kind: 'expired' };
      const user = users.find(sub);
      return user ? { kind: 'user', user } : { kind: 'invalid' };
    },
    changeSecret() {
      secret += 1;
    },
  };
}
