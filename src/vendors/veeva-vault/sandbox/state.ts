import type { VaultHooks } from './hooks.ts';
import type { VaultJobs } from './jobs.ts';
import type { VaultSessions } from './session.ts';
import type { VaultUsers } from './users.ts';

/** What tests prepare and inspect behind the API's back: the Vault's jobs, users and sessions, and what can happen before a response. */
export interface VaultState extends VaultJobs, VaultHooks {
  users: VaultUsers;
  sessions: Pick<VaultSessions, 'endAll' | 'count'>;
}

export function createState(parts: { jobs: VaultJobs; users: VaultUsers; sessions: VaultSessions; hooks: VaultHooks }): VaultState {
  const { jobs, users, sessions, hooks } = parts;
  return { ...jobs, users, sessions, rejectNext: hooks.rejectNext, beforeNext: hooks.beforeNext };
}
