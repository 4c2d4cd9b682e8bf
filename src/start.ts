/** Starts everything that a configuration names: the store, the audit log, traces, the systems or sandboxes, and the server. */
import { setTimeout as wait } from 'node:timers/promises';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Jobyard } from './app.ts';
import type { Config } from './config/config.ts';
import { configureSandbox, type SystemConfig } from './config/systems.ts';
import { type AuditOutput, openAuditOutput } from './history/audit-output.ts';
import { standardOutput } from './output/standard-output.ts';
import type { RunningSandbox } from './sandbox-kit/sandbox.ts';
import { createRedactor, type Redactor, redactLogLine } from './secrets/redactor.ts';
import { openStore, secretsOfStore } from './store/open-store.ts';
import type { OpeningStore } from './store/pool-store.ts';
import { startTracing, type Tracing } from './telemetry/tracing.ts';
import { vendors } from './vendors/index.ts';

export interface StartOptions {
  /** Receives the log, one JSON line per call, without secrets. Default: standard output. */
  log?: DestinationStream;
  /**
   * Another process uses the folder of the store: whatever this process writes from now on damages the other's data. Default: Jobyard
   * closes.
   */
  onFolderLost?(error: Error): void;
  /** After the start, it turned out that the store can't be used, now or later. Default: Jobyard closes. */
  onUnusable?(error: Error): void;
  /** Aborted: this process ends. The start no longer waits for the store, and Jobyard doesn't become ready. */
  signal?: AbortSignal;
}

/** A running Jobyard, with what it was started with. */
export interface StartedJobyard extends Jobyard {
  logger: Logger;
  auditOutput: AuditOutput;
  /** The configured systems; without any, the sandboxes. */
  systemConfigs: readonly SystemConfig[];
  /** Whether the systems are sandboxes. */
  isSandbox: boolean;
}

/** How long the start waits for the first attempt to open the store. */
const firstAttemptMs = 3_000;

/**
 * Starts Jobyard in this process. Vendors may be unavailable. Rejects if the audit log's file or the store can't be used, or the address is
 * taken; then, nothing is left running. Before it resolves, it already responds to requests, but isn't ready: it may turn out that the
 * store can't be used.
 */
export async function start(config: Config, options: StartOptions = {}): Promise<StartedJobyard> {
  const redactor = createRedactor(secretsOfStore(config.store));
  const hooks = { streamWrite: (line: string) => redactLogLine(line, redactor) };
  const logger = pino({ level: config.log.level, hooks }, options.log ?? standardOutput());
  const auditOutput = openAuditOutput(config.audit.file);
  let close = async (): Promise<void> => {};
  const end = (error: Error): void => {
    logger.error({ reason: error.message }, 'Jobyard stops because its store can no longer be used');
    void close();
  };
  const { onFolderLost = end, onUnusable = end } = options;
  const signal = options.signal ?? new AbortController().signal;
  let isReady = false;
  let unusable: Error | null = null;
  const store = openStore(config.store, logger, {
    onFolderLost(error) {
      if (isReady || options.onFolderLost) onFolderLost(error);
      else unusable = error;
    },
    onUnusable(error) {
      if (isReady) onUnusable(withoutSecrets(error, redactor));
      else unusable = error;
    },
  });
  const firstAttempt = store.resume();
  const parts: Parts = { tracing: null, sandboxes: [] };
  close = () => closeParts(parts, store);
  try {
    if (config.tracing) parts.tracing = await startTracing();
    if (!config.systems) parts.sandboxes = await Promise.all(vendors.map(({ startSandbox }) => startSandbox()));
    const systems = config.systems ?? parts.sandboxes.map(configureSandbox);
    // Loaded while the store is being opened in its own thread.
    const { startJobyard } = await import('./app.ts');
    const jobyard = await startJobyard({ ...config, systems, store, isReady: () => isReady, auditOutput, redactor }, logger);
    close = async () => {
      await jobyard.close();
      await closeParts(parts, null);
    };
    await Promise.race([firstAttempt, wait(firstAttemptMs, null, { ref: false, signal }).catch(() => {})]);
    if (unusable) throw unusable;
    isReady = !signal.aborted;
    return { ...jobyard, close, logger, auditOutput, systemConfigs: systems, isSandbox: parts.sandboxes.length > 0 };
  } catch (error) {
    await close();
    throw withoutSecrets(error, redactor);
  }
}

/** What runs beside the server. */
interface Parts {
  tracing: Tracing | null;
  sandboxes: readonly RunningSandbox[];
}

async function closeParts({ tracing, sandboxes }: Parts, store: OpeningStore | null): Promise<void> {
  await tracing?.stop();
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  await store?.close();
}

function withoutSecrets<Thrown>(error: Thrown, redactor: Redactor): Thrown {
  if (error instanceof Error) error.message = redactor.redactText(error.message);
  return error;
}
