// The package's export `jobyard/sandbox`: the kit of which sandboxes are built.

export { type Clock, createClock, createTimeline, type Timeline } from '../sandbox-kit/clock.ts';
export type { SandboxAnswer, SandboxRequest, SandboxServerParts } from '../sandbox-kit/exchange.ts';
export { createFaults, type Fault, type FaultRule, type Faults } from '../sandbox-kit/faults.ts';
export { createRandom, type Random } from '../sandbox-kit/random.ts';
export { createRequestLog, type LoggedRequest, type RequestLog } from '../sandbox-kit/request-log.ts';
export type { OddRows, RunningSandbox, Sandbox, SandboxAction, SandboxOptions } from '../sandbox-kit/sandbox.ts';
export { startSandboxServer } from '../sandbox-kit/server.ts';
