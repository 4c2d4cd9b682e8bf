import {
  type CallContext,
  createHttpClient,
  describeInvalidResponse,
  type HttpRequest,
  type Reply,
  readJson,
  type TransportSettings,
  toFailed,
  type WireResponse,
} from 'jobyard/adapter';
import type { z } from 'zod';
import { readFailure } from './errors.ts';
import { type LogEntries, logEntriesSchema, type Run, type RunList, runListSchema, runSchema, statusSchema } from './wire.ts';

export interface ListParameters {
  offset: number;
  /** 1 to 100. */
  limit: number;
  /** By creation. */
  order: 'newest' | 'oldest';
  /** Nightrun's words. Empty: all. */
  states: readonly string[];
}

/** The endpoints of Nightrun that the adapter uses. */
export interface Calls {
  listRuns(parameters: ListParameters, call: CallContext): Promise<Reply<RunList>>;
  /** The value is null if there is no such run. */
  getRun(id: string, call: CallContext): Promise<Reply<Run | null>>;
  /** Stops a waiting run at once, and asks a running one to stop. The value is null if there is no such run. */
  stopRun(id: string, call: CallContext): Promise<Reply<Run | null>>;
  /** Entries of the log from this one on, counted from 0, at most 100. The value is null if there is no such run. */
  getLog(id: string, from: number, call: CallContext): Promise<Reply<LogEntries | null>>;
  getStatus(call: CallContext): Promise<Reply<unknown>>;
  close(): Promise<void>;
}

export interface CallsOptions {
  systemId: string;
  baseUrl: string;
  transport: TransportSettings;
  token: string;
}

export function createCalls({ systemId, baseUrl, transport, token }: CallsOptions): Calls {
  const http = createHttpClient({ systemId, baseUrl, transport, judgeCredentials });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };

  const send = async <T>(
    method: HttpRequest['method'],
    path: string,
    schema: z.ZodType<T>,
    call: CallContext,
  ): Promise<Reply<T | null>> => {
    const purpose = method === 'GET' ? 'read' : 'action';
    const outcome = await http.send({ method, path, headers, purpose }, call);
    if (!outcome.answered) return toFailed(outcome);
    if (outcome.status !== 200) return readFailure(systemId, outcome);
    const value = schema.safeParse(readJson(outcome));
    if (value.success) return { kind: 'value', value: value.data };
    return { kind: 'failed', problem: describeInvalidResponse(systemId, outcome), mayHaveArrived: true };
  };

  const sendForRun = (method: HttpRequest['method'], id: string, path: string, call: CallContext): Promise<Reply<Run | null>> =>
    send(method, `/v1/runs/${encodeURIComponent(id)}${path}`, runSchema, call);

  return {
    async listRuns({ offset, limit, order, states }, call) {
      const query = new URLSearchParams({ offset: String(offset), limit: String(limit), order });
      if (states.length > 0) query.set('states', states.join(','));
      const reply = await send('GET', `/v1/runs?${query}`, runListSchema, call);
      return reply.kind === 'value' ? { kind: 'value', value: reply.value ?? { runs: [], total: 0 } } : reply;
    },
    getRun: (id, call) => sendForRun('GET', id, '', call),
    stopRun: (id, call) => sendForRun('POST', id, '/stop', call),
    getLog: (id, from, call) => send('GET', `/v1/runs/${encodeURIComponent(id)}/log?from=${from}`, logEntriesSchema, call),
    getStatus: (call) => send('GET', '/v1/status', statusSchema, call),
    close: () => http.close(),
  };
}

/** A wrong token isn't tried again for 5 minutes, so that it locks no account. */
function judgeCredentials({ status }: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  return status === 200 ? 'accepted' : status === 401 ? 'rejected' : 'unknown';
}
