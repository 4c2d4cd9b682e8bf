import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Account, accountRow } from './accounts.ts';
import { updateJobStatuses } from './actions.ts';
import { deleteJobs } from './deletion.ts';
import { jobDetail, stepOutput } from './detail.ts';
import { listJobs } from './list.ts';
import { listProjects } from './project-list.ts';
import type { Rejection } from './rejections.ts';
import type { KylinState } from './state.ts';
import type { KylinSwitches } from './switches.ts';

export interface RouteParts {
  state: KylinState;
  switches: KylinSwitches;
  now(): number;
}

export type RouteResult = { data: unknown; delayMs?: number } | Rejection;

export interface Route {
  method: string;
  pattern: RegExp;
  /** Kylin's legacy API has a handler here too, so that `*\/*` fits both. */
  isAmbiguous: boolean;
  handle(account: Account, request: SandboxRequest, ids: readonly string[]): RouteResult;
}

export function createRoutes({ state, switches, now }: RouteParts): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: /^\/jobs$/,
      isAmbiguous: true,
      handle: (account, { query }) => listJobs(state, account, query, now(), switches),
    },
    {
      method: 'PUT',
      pattern: /^\/jobs\/status$/,
      isAmbiguous: false,
      handle(account, { headers, body }) {
        const { rejection, killed } = updateJobStatuses(state, account, { contentType: headers['content-type'], body }, switches);
        return { ...(rejection ?? { data: '' }), delayMs: killed * switches.killDelayMs };
      },
    },
    {
      method: 'DELETE',
      pattern: /^\/jobs$/,
      isAmbiguous: false,
      handle: (account, { query }) => deleteJobs(state, account, query, switches) ?? { data: '' },
    },
    {
      method: 'GET',
      pattern: /^\/jobs\/([^/]+)\/detail$/,
      isAmbiguous: false,
      handle: (account, { query }, [id = '']) => jobDetail(state, account, id, query, now(), switches),
    },
    {
      method: 'GET',
      pattern: /^\/jobs\/([^/]+)\/steps\/([^/]+)\/output$/,
      isAmbiguous: true,
      handle: (account, { query }, [job = '', step = '']) => stepOutput(state, account, { job, step }, query, now(), switches),
    },
    {
      method: 'GET',
      pattern: /^\/projects$/,
      isAmbiguous: true,
      handle: (account, { query }) => listProjects(state, account, query, switches),
    },
    ...['GET', 'POST'].map(
      (method): Route => ({
        method,
        pattern: /^\/user\/authentication$/,
        isAmbiguous: method === 'GET',
        handle: (account) => ({ data: accountRow(account) }),
      }),
    ),
  ];
}
