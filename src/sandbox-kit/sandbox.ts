import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { startSandboxServer } from './server.ts';

/** How any sandbox can be started. */
export interface SandboxOptions<Switches> {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Default 1. The same seed and clock give the same jobs. */
  seed?: number;
  /** How many jobs it starts with. Default 120. */
  jobs?: number;
  /** Added to every answer. Default 0. */
  latencyMs?: number;
  /** Default: a clock that moves with real time. */
  clock?: Clock;
  /** What the vendor's manual leaves open, or offers as a choice. */
  switches?: Partial<Switches>;
  /** Takes its requests. Default: an HTTP server on `host` and `port`. */
  serve?: typeof startSandboxServer;
}

export type SandboxAction = 'CANCEL' | 'PAUSE' | 'RESUME' | 'RESTART' | 'START';

export interface OddRows {
  /** Ids of rows with one field of the wrong JSON type. */
  readableIds: readonly string[];
  /** How many rows have no usable id. */
  withoutId: number;
}

/** A running simulator of one vendor: a real HTTP server on this machine. */
export interface Sandbox<Switches = unknown, State = unknown> {
  vendor: string;
  /** What `url` in jobyard.yaml must be. */
  url: string;
  /** The vendor's own keys of this system in jobyard.yaml, secrets in plain text. */
  settings: Record<string, unknown>;
  clock: Clock;
  faults: Faults;
  /** What reached it, in order. */
  requests: RequestLog;
  /** Can be changed at any time. */
  switches: Switches;
  /** Adds jobs whose rows in the vendor's lists break its contract, for the conformance suite. */
  addOddRows(): OddRows;
  /** Adds jobs that stay as they are and on which the vendor performs the action, and returns their ids; none if it has no such action. */
  addJobsFor(action: SandboxAction, count: number): string[];
  /** The jobs themselves, to prepare and to inspect in tests. */
  state: State;
  close(): Promise<void>;
}
