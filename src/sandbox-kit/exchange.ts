import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Timeline } from './clock.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

/** A request to a sandbox. */
export interface SandboxRequest {
  method: string;
  /** Not decoded: `/kylin/api/jobs/6c1f%2Fa`. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body as text, sent with a length or in chunks. */
  body: string;
}

/** A response of the vendor. `delayMs`: the vendor's own time (throttling, work). */
export interface SandboxAnswer {
  status: number;
  /** The reason phrase of the status line. Default: the standard one. */
  reason?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  delayMs?: number;
}

export interface SandboxServerParts {
  host: string;
  port: number;
  latencyMs: number;
  clock: Clock;
  timeline: Timeline;
  faults: Faults;
  requests: RequestLog;
  /** The vendor's switches, for the control endpoint. */
  switches: object;
  /** The vendor. Changes of state happen within this call. */
  answer(request: SandboxRequest): SandboxAnswer;
}
