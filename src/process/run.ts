// Process: what the commands of package.json start. This file runs the server.

import { isatty } from 'node:tty';
import closeWithGrace from 'close-with-grace';
import type { Config, ServerConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { UnusableAuditFileError } from '../history/audit-output.ts';
import { standardOutput } from '../output/standard-output.ts';
import { type StartedJobyard, start } from '../start.ts';
import { describeStore } from '../store/open-store.ts';
import { UnusableStoreError } from '../store/unusable.ts';
import { TracingUnavailableError } from '../telemetry/tracing.ts';
import { announceStart } from './announce-start.ts';
import { exitWithErrors } from './exit-with-errors.ts';
import { createReload } from './reload.ts';
import { maxStopMs } from './stop-limit.ts';

// Installed first: the signal may arrive while Jobyard starts.
let hasHungUp = false;
let onHangup = (): void => {
  hasHungUp = true;
};
process.on('SIGHUP', () => onHangup());
const hasTerminal = isatty(0);
const read = () => loadConfig(process.argv.slice(2));
const config = await read();
if ('errors' in config) exitWithErrors(config.errors);

let started: StartedJobyard | null = null;
const stopping = new AbortController();
const starting = start(config, {
  signal: stopping.signal,
  onFolderLost({ message }) {
    // Immediately: anything that this process writes now damages the other process's data.
    process.stderr.write(`${message}\n`);
    process.exit(1);
  },
  onUnusable({ message }) {
    process.stderr.write(`${message}\n`);
    // Requests are already served: those in flight finish first.
    void close().finally(() => process.exit(2));
  },
});
const close = async (): Promise<void> => (await starting).close();
// Installed while Jobyard starts, when it already responds to requests: they finish before a signal ends the process.
const graceful = closeWithGrace(
  { delay: maxStopMs(config.server), logger: { error: logError }, skip: ['SIGHUP', 'SIGUSR2'] },
  async ({ err }) => {
    onHangup = () => {};
    stopping.abort();
    if (err) logError(err);
    await close();
  },
);
started = await starting.catch((error: unknown) => exitBecauseOf(error, config.server));
if (!stopping.signal.aborted) onStarted(started, config);

/** Obeys the other signals, and announces the addresses. */
function onStarted(jobyard: StartedJobyard, config: Config): void {
  const { logger, auditOutput } = jobyard;
  const reload = createReload({ config, read, jobyard, auditOutput, logger });
  // Without a file, there is nothing to reload, and a closed terminal means that Jobyard must stop.
  onHangup = () => void (config.systems === null || (hasTerminal && !isatty(0)) ? graceful.close() : reload());
  if (hasHungUp) onHangup();
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => logger.info({ signal }, 'ignored'));
  // Last: a reader of the output may send a signal immediately.
  const { origin, systemConfigs: systems, isSandbox } = jobyard;
  const { access, store, server } = config;
  const { console: hasConsole, playground: hasPlayground } = server;
  announceStart(
    { origin, hasConsole, hasPlayground, store: describeStore(store), hasAccess: access !== null, systems, isSandbox },
    { isTerminal: isatty(1), logger, write: standardOutput().write },
  );
}

/** Logs an error that nothing caught, or a text, at once: the process may exit right after. Before Jobyard has started, it has no log. */
function logError(what: unknown): void {
  if (!started) process.stderr.write(`${what instanceof Error ? what.message : what}\n`);
  else if (what instanceof Error) started.logger.error({ err: what }, 'bug');
  else started.logger.error(String(what));
}

/** What can't be used is the configuration's fault; an address that is taken isn't. */
function exitBecauseOf(error: unknown, { host, port }: ServerConfig): never {
  const reason = error instanceof Error ? error.message : String(error);
  const isUnusable = [UnusableAuditFileError, UnusableStoreError, TracingUnavailableError].some((kind) => error instanceof kind);
  const isAddress = error instanceof Error && 'syscall' in error;
  process.stderr.write(
    isAddress ? `Can't listen on ${host}:${port}: ${reason}. Choose another address with --host and --port.\n` : `${reason}\n`,
  );
  process.exit(isUnusable ? 2 : 1);
}
