import type { Random } from '../../../sandbox-kit/random.ts';

/** Each includes those before it. */
export type Permission = 'READ' | 'OPERATION' | 'MANAGEMENT' | 'ADMINISTRATION';
const ranks: readonly Permission[] = ['READ', 'OPERATION', 'MANAGEMENT', 'ADMINISTRATION'];

export function isPermission(word: string): word is Permission {
  return ranks.some((permission) => permission === word);
}

/** A user who can log in. */
export interface Account {
  uuid: string;
  username: string;
  password: string;
  /** A system administrator may do everything in every project. */
  admin: boolean;
  permissions: Map<string, Permission>;
  createTime: number;
  wrongTime: number;
  firstLoginFailedTime: number;
  locked: boolean;
  lockedTime: number;
}

export interface NewAccount {
  username: string;
  password: string;
  admin?: boolean;
  /** Permission by project. */
  permissions?: Record<string, Permission>;
}

export interface Accounts {
  add(account: NewAccount): void;
  find(username: string, ignoreCase: boolean): Account | undefined;
}

export function createAccounts(random: Random, nowMs: number): Accounts {
  const accounts = new Map<string, Account>();
  return {
    add({ username, password, admin = false, permissions = {} }) {
      accounts.set(username.toLowerCase(), {
        uuid: random.uuid(),
        username,
        password,
        admin,
        permissions: new Map(Object.entries(permissions)),
        createTime: nowMs,
        wrongTime: 0,
        firstLoginFailedTime: 0,
        locked: false,
        lockedTime: 0,
      });
    },
    find(username, ignoreCase) {
      const account = accounts.get(username.toLowerCase());
      return account && (ignoreCase || account.username === username) ? account : undefined;
    },
  };
}

export function permissionIn(account: Account, project: string): Permission | undefined {
  return account.admin ? 'ADMINISTRATION' : account.permissions.get(project);
}

export function hasPermission(account: Account, project: string, wanted: Permission): boolean {
  const granted = permissionIn(account, project);
  return granted !== undefined && ranks.indexOf(granted) >= ranks.indexOf(wanted);
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** How long an account stays locked after the third, fourth, … wrong password (Kylin UserLockRuleUtil); after the tenth for ever. */
const lockMs = [30_000, minuteMs, 5 * minuteMs, 10 * minuteMs, 30 * minuteMs, dayMs, 3 * dayMs];
const triesBeforeLock = 3;

function lockDurationMs(wrongTime: number): number {
  return wrongTime < triesBeforeLock ? 0 : (lockMs[wrongTime - triesBeforeLock] ?? Number.POSITIVE_INFINITY);
}

/** Milliseconds for which the account is still locked; 0: it is not. Lifts a lock that has run out. */
export function lockLeftMs(account: Account, nowMs: number): number {
  if (!account.locked) return 0;
  const leftMs = account.lockedTime + lockDurationMs(account.wrongTime) - nowMs;
  if (leftMs <= 0) account.locked = false;
  return Math.max(0, leftMs);
}

export function noteWrongPassword(account: Account, nowMs: number): void {
  account.wrongTime += 1;
  account.firstLoginFailedTime ||= nowMs;
  if (lockDurationMs(account.wrongTime) > 0) {
    account.locked = true;
    account.lockedTime = nowMs;
  }
}

export function noteLogin(account: Account): void {
  Object.assign(account, { wrongTime: 0, firstLoginFailedTime: 0, locked: false, lockedTime: 0 });
}

/** The user object of `/user/authentication`. */
export function accountRow(account: Account): unknown {
  return {
    username: account.username,
    authorities: [...(account.admin ? [{ authority: 'ROLE_ADMIN' }] : []), { authority: 'ALL_USERS' }],
    disabled: false,
    locked: account.locked,
    uuid: account.uuid,
    last_modified: account.createTime,
    create_time: account.createTime,
    version: '4.0.0.0',
    mvcc: 3,
    locked_time: account.lockedTime,
    wrong_time: account.wrongTime,
    first_login_failed_time: account.firstLoginFailedTime,
  };
}
