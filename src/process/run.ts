// Process: what the commands of package.json start. This file runs the server.

import { setTimeout as wait } from 'node:timers/promises';
import { isatty } from 'node:tty';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { startJobyard } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import type { StoreLocation } from '../config/store.ts';
import { configureSandbox } from '../config/systems.ts';
import { type AuditOutput, openAuditOutput, UnusableAuditFileError } from '../history/audit-output.ts';
import { standardOutput } from '../output/standard-output.ts';
import { createRedactor, redactLogLine } from '../secrets/redactor.ts';
import { describeStore, openStore, secretsOfStore } from '../store/open-store.ts';
import type { OpeningStore } from '../store/pool-store.ts';
import { UnusableStoreError } from '../store/unusable.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { vendors } from '../vendors/index.ts';
import { announceStart } from './announce-start.ts';
import { relieveMemoryPressure } from './memory-pressure.ts';
import { createReload } from './reload.ts';

// Installed first: the signal may arrive while Jobyard starts.
let hasHungUp = false;
let onHangup = (): void => {
  hasHungUp = true;
};
process.on('SIGHUP', () => onHangup());
const hasTerminal = isatty(0);
const read = () => loadConfig(process.argv.slice(2));
const config = read();
if ('errors' in config) {
  process.stderr.write(`${config.errors.join('\n')}\n`);
  process.exit(2);
}

const { access, store: storeLocation } = config;
const redactor = createRedactor(secretsOfStore(storeLocation));
const logger = pino({ level: config.log.level, hooks: { streamWrite: (line) => redactLogLine(line, redactor) } }, standardOutput());
const auditOutput = openAuditOutputOrExit(config.audit.file);
/** How long the start waits for the first attempt to open the store. An unusable store ends the start before anything is served. */
const firstAttemptMs = 3_000;
let close = async (): Promise<void> => {};
const store = openStoreOrExit(storeLocation);
const firstAttempt = store.resume();
const tracing = config.tracing ? await startTracing() : null;
const sandboxes = config.systems ? [] : await Promise.all(vendors.map(({ startSandbox }) => startSandbox()));
const systems = config.systems ?? sandboxes.map(configureSandbox);
await Promise.race([firstAttempt, wait(firstAttemptMs)]);
const jobyard = await startJobyard({ ...config, systems, store, auditOutput, redactor }, logger).catch((error: unknown) => {
  const { host, port } = config.server;
  const reason = redactor.redactText(error instanceof Error ? error.message : String(error));
  const isAddress = error instanceof Error && 'syscall' in error;
  process.stderr.write(
    isAddress ? `Can't listen on ${host}:${port}: ${reason}. Choose another address with --host and --port.\n` : `${reason}\n`,
  );
  process.exit(1);
});
close = jobyard.close;
const stopMs = config.server.drainMs + config.server.deadlineMs + 5_000;
const graceful = closeWithGrace({ delay: stopMs, logger, skip: ['SIGHUP', 'SIGUSR2'] }, async () => {
  onHangup = () => {};
  await jobyard.close();
  await tracing?.stop();
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});
const reload = createReload({ config, read, jobyard, auditOutput, logger });
// Without a file, there is nothing to reload, and a closed terminal means that Jobyard must stop.
onHangup = () => void (config.systems === null || (hasTerminal && !isatty(0)) ? graceful.close() : reload());
if (hasHungUp) onHangup();
for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => logger.info({ signal }, 'ignored'));
relieveMemoryPressure();
// Last: a reader of the output may send a signal immediately.
const { origin } = jobyard;
announceStart(
  { origin, store: describeStore(storeLocation), hasAccess: access !== null, systems, isSandbox: sandboxes.length > 0 },
  { isTerminal: isatty(1), logger, write: standardOutput().write },
);

function openAuditOutputOrExit(file: string | null): AuditOutput {
  try {
    return openAuditOutput(file);
  } catch (error) {
    if (!(error instanceof UnusableAuditFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

function openStoreOrExit(location: StoreLocation): OpeningStore {
  try {
    return openStore(location, logger, {
      onFolderLost({ message }) {
        // Immediately: anything that this process writes now damages the other process's data.
        process.stderr.write(`${message}\n`);
        process.exit(1);
      },
      onUnusable({ message }) {
        process.stderr.write(`${message}\n`);
        // If the store couldn't be reached before, requests are already served: those in flight finish first.
        void close().finally(() => process.exit(2));
      },
    });
  } catch (error) {
    if (!(error instanceof UnusableStoreError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}
