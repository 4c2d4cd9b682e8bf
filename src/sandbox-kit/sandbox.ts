// Sandbox kit: what all sandboxes share: the server, the clock, faults, and the control endpoint.

import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { startSandboxServer } from './server.ts';

/** The options of every sandbox. */
export interface SandboxOptions<Switches> {
  /** Default: 127.0.0.1. */
  host?: string;
  /** Default: 0, any free port. */
  port?: number;
  /** Default: 1. The same seed and clock give the same jobs. */
  seed?: number;
  /** The number of jobs at the start. Default: 120. */
  jobs?: number;
  /** Added to every response. Default: 0. */
  latencyMs?: number;
  /** Default: a clock that runs with real time. */
  clock?: Clock;
  /** Settings for what the vendor's manual leaves open, or offers as a choice. */
  switches?: Partial<Switches>;
  /** Receives its requests. Default: an HTTP server on `host` and `port`. */
  serve?: typeof startSandboxServer;
}

export type SandboxAction = 'CANCEL' | 'PAUSE' | 'RESUME' | 'RESTART' | 'START';

export interface OddRows {
  /** IDs of rows with one field of the wrong JSON type. */
  readableIds: readonly string[];
  /** The number of rows without a usable ID. */
  withoutId: number;
}

/** A running sandbox of one vendor, of any protocol. */
export interface RunningSandbox {
  vendor: string;
  /** The value of `url` in jobyard.yaml. Empty if the vendor has none. */
  url: string;
  /** The vendor's own keys in jobyard.yaml, with secrets in plain text. */
  settings: Record<string, unknown>;
  /** Adds jobs whose rows in the vendor's lists break its contract, for the conformance suite. Default: that isn't possible. */
  addOddRows?(): OddRows;
  /**
   * Adds jobs that don't change by themselves and on which the vendor performs the action, and returns their IDs; none if the vendor has no
   * such action.
   */
  addJobsFor(action: SandboxAction, count: number): string[];
  close(): Promise<void>;
}

/** A running sandbox that is an HTTP server on this machine, made with `startSandboxServer`. */
export interface Sandbox<Switches = unknown, State = unknown> extends RunningSandbox {
  clock: Clock;
  faults: Faults;
  /** The requests that reached it, in order. */
  requests: RequestLog;
  /** Can be changed at any time. */
  switches: Switches;
  addOddRows(): OddRows;
  /** The jobs, to prepare and inspect in tests. */
  state: State;
}
