import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nextMessage, startHelper, startServer, stop } from './child.ts';
import type { LoadCommand, LoadFailure, LoadOptions, LoadReport } from './load.ts';
import { readUsage } from './process-usage.ts';
import { quantile } from './quantile.ts';
import { awaitAnswer, freePort } from './requests.ts';
import type { StubCommand, StubReport } from './stub/main.ts';
import type { Stub } from './stub/start.ts';
import type { Target } from './targets/target.ts';
import type { Workload } from './workloads.ts';

export interface MeasureOptions {
  stub: Stub;
  workDirectory: string;
  /** Null: none. What is measured begins with the first response of the process. */
  warmUpSeconds: number | null;
  seconds: number;
  /** Of each vendor answer, instead of the workload's own. */
  latencyMs: number | null;
  /** How often the seconds are measured, one right after the other, of the same process. */
  windows: number;
  connections: number;
  profile: boolean;
}

/** One window of one target doing one workload. CPU and memory are the target's, without the stub and the load. */
export interface Measurement {
  operations: number;
  operationsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** The median latency of the connection that was served slowest, and of the one that was served fastest. */
  slowestCallerMs: number;
  fastestCallerMs: number;
  /** The highest p99 ÷ p50 of one connection. */
  worstCallerTail: number;
  cpuMsPerOperation: number;
  /** The target's CPU time beside the time that passed: 1 is one core, busy all the time. */
  busyCores: number;
  stubBusyCores: number;
  vendorRequestsPerOperation: number;
  vendorRequests: Record<string, number>;
  maxSocketsPerOrigin: number;
  firstAnswerMs: number;
  idleRssMiB: number;
  endRssMiB: number;
  peakRssMiB: number;
  digest: string;
}

export function profileName(target: Target, workload: Workload, connections: number): string {
  return `${target.name}-${workload.name}-${connections}.cpuprofile`;
}

/** Starts the target, warms it up, measures it and stops it. */
export async function measure(target: Target, workload: Workload, options: MeasureOptions): Promise<Measurement[]> {
  const { stub, workDirectory, connections } = options;
  const fixed = workload.operations !== undefined;
  // The sockets of the target before are still being closed.
  while ((await tellStub(stub, { kind: 'report' })).openSockets > 0) await delay(10);
  await resetStub(stub, workload, options.latencyMs);
  const ports = await Promise.all(Array.from({ length: target.processes }, freePort));
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const loadOptions: LoadOptions = {
    workload: workload.name,
    origins,
    callers: target.callers,
    callerPerConnection: workload.judgesCallers ?? false,
    connections,
    dialect: target.comparable ? 'jobyard' : 'mesh',
  };
  const load = startHelper(new URL('load.ts', import.meta.url), JSON.stringify(loadOptions));
  // It is ready before the target is, so that the first second of the target can be measured.
  await runWindow(load, { operations: 0 });
  const log = join(workDirectory, `${target.name}.log`);
  const profile = options.profile
    ? ['--cpu-prof', '--cpu-prof-dir', workDirectory, '--cpu-prof-name', profileName(target, workload, connections)]
    : [];
  // Before the clock starts: a target may copy a store for it.
  const commands = ports.map((port) => [process.execPath, ...profile, ...target.command(port, stub.origins, workDirectory)]);
  const startedAtMs = performance.now();
  const servers = commands.map((command) => startServer(command, { NODE_ENV: 'production' }, log));
  try {
    await Promise.all(
      servers.map((server, index) =>
        awaitAnswer({
          server,
          name: target.name,
          origin: origins[index] ?? '',
          headers: target.callers[0] ?? {},
          query: target.firstQuery,
        }),
      ),
    );
    const firstAnswerMs = performance.now() - startedAtMs;
    const processIds = servers.map(({ pid }) => pid ?? 0);
    const idleRssMiB = readUsage(processIds).rssMiB;
    const { warmUpSeconds } = options;
    if (warmUpSeconds !== null) await runWindow(load, fixed ? { operations: 1 } : { seconds: warmUpSeconds, leastOperations: connections });

    const measurements: Measurement[] = [];
    for (let window = 0; window < options.windows; window += 1) {
      const stubBefore = await tellStub(stub, { kind: 'report' });
      const before = readUsage(processIds);
      const stubCpuMs = readUsage([stub.process.pid ?? 0]).cpuMs;
      const command = fixed
        ? { operations: workload.operations ?? 0 }
        : { seconds: options.seconds, leastOperations: warmUpSeconds === null ? 0 : 2 * connections };
      const report = await runWindow(load, command);
      const after = readUsage(processIds);
      const stubAfter = await tellStub(stub, { kind: 'report' });
      const { operations, seconds, latenciesMs, slowestCallerMs, fastestCallerMs, worstCallerTail } = report;
      const vendorRequests = perOperation(stubBefore.requests, stubAfter.requests, operations);
      const sorted = latenciesMs.sort((a, b) => a - b);
      measurements.push({
        operations,
        operationsPerSecond: operations / seconds,
        p50Ms: quantile(sorted, 0.5),
        p99Ms: quantile(sorted, 0.99),
        slowestCallerMs,
        fastestCallerMs,
        worstCallerTail,
        cpuMsPerOperation: (after.cpuMs - before.cpuMs) / operations,
        busyCores: (after.cpuMs - before.cpuMs) / (seconds * 1000),
        stubBusyCores: (readUsage([stub.process.pid ?? 0]).cpuMs - stubCpuMs) / (seconds * 1000),
        vendorRequestsPerOperation: Object.values(vendorRequests).reduce((sum, count) => sum + count, 0),
        vendorRequests,
        maxSocketsPerOrigin: stubAfter.maxSockets,
        firstAnswerMs,
        idleRssMiB,
        endRssMiB: after.rssMiB,
        peakRssMiB: after.peakRssMiB,
        digest: report.digest,
      });
    }
    return measurements;
  } finally {
    await stop(load);
    await Promise.all(servers.map(stop));
  }
}

/** Gives the vendors what the workload needs. */
export async function resetStub(stub: Stub, workload: Workload, latencyMs: number | null = null): Promise<void> {
  const { kineticaRows, vaultRows = 50 } = workload;
  await tellStub(stub, { kind: 'reset', settings: { kineticaRows, vaultRows, latencyMs: latencyMs ?? workload.latencyMs ?? 0 } });
}

async function tellStub(stub: Stub, command: StubCommand): Promise<StubReport> {
  const answer = nextMessage<StubReport>(stub.process);
  stub.process.send(command);
  return answer;
}

export async function runWindow(load: ChildProcess, command: LoadCommand): Promise<LoadReport> {
  const answer = nextMessage<LoadReport | LoadFailure>(load);
  load.send(command);
  const report = await answer;
  if (report.kind === 'failed') throw new Error(report.reason);
  return report;
}

function perOperation(before: Record<string, number>, after: Record<string, number>, operations: number): Record<string, number> {
  const entries = Object.entries(after).map(([name, count]) => [name, (count - (before[name] ?? 0)) / operations] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}
