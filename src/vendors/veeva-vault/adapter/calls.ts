import type { CallContext } from '../../../jobs/adapter.ts';
import { jsonInteger } from '../../../json/parse.ts';
import { createSessions } from '../../../transport/session.ts';
import type { SystemSettings } from '../../vendor.ts';
import { createClient } from './client.ts';
import type { VaultReply } from './envelope.ts';
import { logIn } from './login.ts';
import { createPageLinks } from './page-links.ts';
import { createSend } from './send.ts';
import type { VaultSettings } from './settings.ts';

/** The endpoints of the Jobs API that the adapter uses, each with the shared session or the caller's own. */
export interface Calls {
  retrieveJobStatus(vendorId: string, call: CallContext): Promise<VaultReply>;
  /** A page of monitors, histories, or tasks, at a position of `toPosition` or of a first page. */
  retrievePage(position: string, call: CallContext): Promise<VaultReply>;
  /** Runs a VQL query of at most 50,000 characters. */
  query(query: string, call: CallContext): Promise<VaultReply>;
  /** A further page of a query, at a position of `toQueryPage`. */
  nextQueryPage(position: string, call: CallContext): Promise<VaultReply>;
  startJob(vendorId: string, call: CallContext): Promise<VaultReply>;
  /** At most 500 jobs. */
  cancelJobs(vendorIds: readonly string[], call: CallContext): Promise<VaultReply>;
  /**
   * A page's place below `/services/jobs/`, from `next_page` (a path, or a full URL) or from a position.
   * Null for a link to another host, version, or part of the API.
   */
  toPosition(link: string): string | null;
  /** The same for `next_page` of a query: its place below `/query/`. */
  toQueryPage(link: string): string | null;
  /** Ends the session and the connections. */
  close(): Promise<void>;
}

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
const logOutTimeoutMs = 3_000;

export function createCalls(system: SystemSettings, settings: VaultSettings): Calls {
  const root = `/api/${settings.version}`;
  const jobs = `${root}/services/jobs/`;
  const queries = `${root}/query/`;
  const client = createClient(system, `${root}/auth`);
  const links = createPageLinks(system.url);
  const sessions = createSessions(system.id, async () => {
    const session = await logIn(system, settings, client, `${root}/auth`);
    if (session.ok) system.transport.learnSecret?.(session.value);
    return session;
  });
  const send = createSend(system.id, client, sessions);

  return {
    retrieveJobStatus: (vendorId, call) => send({ method: 'GET', path: `${jobs}${vendorId}`, purpose: 'read' }, call),
    retrievePage: (position, call) => send({ method: 'GET', path: jobs + position, purpose: 'read' }, call),
    query(query, call) {
      const body = new URLSearchParams({ q: query }).toString();
      return send({ method: 'POST', path: `${root}/query`, headers: formHeaders, body, purpose: 'read' }, call);
    },
    nextQueryPage: (position, call) => send({ method: 'POST', path: queries + position, headers: formHeaders, purpose: 'read' }, call),
    // POST: the GET in the reference's sample is a mistake, as its endpoint line and VAPIL show.
    startJob: (vendorId, call) => send({ method: 'POST', path: `${jobs}start_now/${vendorId}`, purpose: 'action' }, call),
    cancelJobs(vendorIds, call) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(vendorIds.map((vendorId) => ({ job_id: jsonInteger(vendorId) })));
      return send({ method: 'POST', path: `${jobs}actions/cancel`, headers, body, purpose: 'action' }, call);
    },
    toPosition: (link) => links.below(jobs, link),
    toQueryPage: (link) => links.below(queries, link),
    async close() {
      const sessionId = sessions.release();
      if (sessionId !== null) {
        const call: CallContext = { caller: 'session', signal: AbortSignal.timeout(logOutTimeoutMs), credential: null };
        await client.send({ method: 'DELETE', path: `${root}/session`, purpose: 'action' }, sessionId, call);
      }
      await client.close();
    },
  };
}
