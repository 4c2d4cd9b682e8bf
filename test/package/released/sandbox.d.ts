import { IncomingHttpHeaders } from "node:http";

interface Clock {
  now(): number;
  advance(ms: number): void;
}
declare function createClock(options?: {
  startAtMs?: number;
  frozen?: boolean;
}): Clock;
interface Timeline {
  now(): number;
  at(atMs: number, happen: () => void): void;
  runDue(): void;
}
declare function createTimeline(clock: Clock): Timeline;
type Fault = {
  kind: 'slow';
  ms: number;
} | {
  kind: 'hang';
  applied: boolean;
} | {
  kind: 'reset';
  applied: boolean;
} | {
  kind: 'answer';
  status: number;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  applied: boolean;
} | {
  kind: 'truncate';
} | {
  kind: 'empty';
} | {
  kind: 'flood';
  bytes: number;
} | ({
  kind: 'front-end';
} & FrontEnd);
interface FrontEnd {
  informational?: (100 | 102 | 103)[] | undefined;
  byteOrderMark?: boolean | undefined;
  codings?: ('gzip' | 'deflate' | 'deflate-raw' | 'br')[] | undefined;
  wantsUserAgent?: boolean | undefined;
}
interface FaultRule {
  fault: Fault;
  method?: string | undefined;
  path?: string | undefined;
  skip?: number | undefined;
  times?: number | 'always' | undefined;
}
interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  next(method: string, pathAndQuery: string): Fault | undefined;
}
declare function createFaults(): Faults;
interface LoggedRequest {
  method: string;
  target: string;
  body: string;
}
interface RequestLog {
  all(): readonly LoggedRequest[];
  count(method?: string, target?: string): number;
  add(request: LoggedRequest): void;
  clear(): void;
}
declare function createRequestLog(): RequestLog;
interface SandboxRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}
interface SandboxAnswer {
  status: number;
  reason?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  delayMs?: number;
}
interface SandboxServerParts {
  host: string;
  port: number;
  latencyMs: number;
  clock: Clock;
  timeline: Timeline;
  faults: Faults;
  requests: RequestLog;
  switches: object;
  answer(request: SandboxRequest): SandboxAnswer;
}
interface Random {
  fraction(): number;
  integer(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  text(length: number, alphabet: string): string;
  uuid(): string;
}
declare function createRandom(seed: number): Random;
declare function startSandboxServer(parts: SandboxServerParts): Promise<{
  origin: string;
  close(): Promise<void>;
}>;
interface SandboxOptions<Switches> {
  host?: string;
  port?: number;
  seed?: number;
  jobs?: number;
  latencyMs?: number;
  clock?: Clock;
  switches?: Partial<Switches>;
  serve?: typeof startSandboxServer;
}
type SandboxAction = 'CANCEL' | 'PAUSE' | 'RESUME' | 'RESTART' | 'START';
interface OddRows {
  readableIds: readonly string[];
  withoutId: number;
}
interface RunningSandbox {
  vendor: string;
  url: string;
  settings: Record<string, unknown>;
  addOddRows?(): OddRows;
  addJobsFor(action: SandboxAction, count: number): string[];
  close(): Promise<void>;
}
interface Sandbox<Switches = unknown, State = unknown> extends RunningSandbox {
  clock: Clock;
  faults: Faults;
  requests: RequestLog;
  switches: Switches;
  addOddRows(): OddRows;
  state: State;
}
export { type Clock, type Fault, type FaultRule, type Faults, type LoggedRequest, type OddRows, type Random, type RequestLog, type RunningSandbox, type Sandbox, type SandboxAction, type SandboxAnswer, type SandboxOptions, type SandboxRequest, type SandboxServerParts, type Timeline, createClock, createFaults, createRandom, createRequestLog, createTimeline, startSandboxServer };
