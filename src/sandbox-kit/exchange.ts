import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Timeline } from './clock.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

/** A request as a simulated vendor sees it. */
export interface SandboxRequest {
  method: string;
  /** Decoded by nobody yet: `/kylin/api/jobs/6c1f%2Fa`. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body as text, whether it came with a length or in chunks. */
  body: string;
}

/** A vendor's answer. `delayMs` is time the vendor itself takes (throttling, work before it answers). */
export interface SandboxAnswer {
  status: number;
  /** The status line's reason phrase. Default: HTTP's own for the status. */
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
  /** The vendor: state changes happen inside this call, all at once. */
  answer(request: SandboxRequest): SandboxAnswer;
}
