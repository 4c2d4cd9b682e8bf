import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readUsage } from '../../bench/process-usage.ts';
import { type Experience, experience } from './bystander.ts';
import { listCancellable, openStore } from './client.ts';
import { startSandboxes, startTarget } from './target.ts';

/** What one attack did to Jobyard and to another caller. */
export interface Round extends Experience {
  peakRssMiB: number;
  /** CPU time of Jobyard per second of the attack, in ms. */
  cpuMsPerSecond: number;
  diskMiBPerMinute: number;
  /** Whether the process was there at the end. */
  survived: boolean;
}

const jobsOfEach = 1_000;
const vendorLatencyMs = 20;
const settleMs = 1_000;

/** Runs one attack against a Jobyard and sandboxes of its own; `name` null: none, to compare with. */
export async function runRound(name: string | null, durationMs: number): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'jobyard-abuse-'));
  const attacker = name === null ? null : fork(fileURLToPath(new URL('attacker.ts', import.meta.url)), [name]);
  const vendorUrl = attacker ? await readVendorUrl(attacker) : null;
  const sandboxes = await startSandboxes(jobsOfEach, vendorLatencyMs);
  // With a store that is there: to make its folder takes 400 MiB, once for each installation (docs/store.md).
  const maker = await startTarget(sandboxes, folder, vendorUrl);
  await openStore(maker);
  await maker.stop();
  const target = await startTarget(sandboxes, folder, vendorUrl);
  try {
    await openStore(target);
    const [jobId] = await listCancellable(target, target.keys.bystander, ['kylin'], 1);
    if (!jobId) throw new Error('There is no job to read.');
    const before = { diskMiB: await readDiskMiB(folder), cpuMs: readUsage([target.processId]).cpuMs, atMs: performance.now() };
    attacker?.send({ origin: target.origin, keys: target.keys });
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const seen = await experience(target, jobId, durationMs);
    const seconds = (performance.now() - before.atMs) / 1000;
    const survived = target.isRunning();
    const usage = survived ? readUsage([target.processId]) : { cpuMs: 0, peakRssMiB: Number.POSITIVE_INFINITY };
    return {
      ...seen,
      survived,
      peakRssMiB: usage.peakRssMiB,
      cpuMsPerSecond: (usage.cpuMs - before.cpuMs) / seconds,
      diskMiBPerMinute: ((await readDiskMiB(folder)) - before.diskMiB) / (seconds / 60),
    };
  } finally {
    attacker?.disconnect();
    await target.stop();
    await sandboxes.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readVendorUrl(attacker: ChildProcess): Promise<string | null> {
  const [{ vendorUrl }] = (await once(attacker, 'message')) as [{ vendorUrl: string | null }];
  return vendorUrl;
}

/** The audit's file and the store's folder. */
async function readDiskMiB(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2;
}
