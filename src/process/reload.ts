import type { Logger } from 'pino';
import type { Jobyard } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { ConfigError } from '../config/config-errors.ts';
import { describeRestartNeeds } from '../config/restart-needs.ts';
import type { AuditOutput } from '../history/audit-output.ts';

export interface ReloadOptions {
  /** As Jobyard was started. */
  config: Config;
  read(): Config | { mistakes: ConfigError[] };
  jobyard: Pick<Jobyard, 'reload'>;
  auditOutput: AuditOutput;
  logger: Logger;
}

/**
 * Opens the audit's file again and takes over what can change in the configuration; the log says what did, and what needs a restart.
 * A configuration with mistakes changes nothing. Asked for while it is at it, it does it once more afterwards.
 */
export function createReload({ config, read, jobyard, auditOutput, logger }: ReloadOptions): () => void {
  let running = config;
  let isWanted = false;
  let isReloading = false;

  const reload = async (): Promise<void> => {
    const obstacle = auditOutput.reopen();
    if (obstacle !== null) logger.error({ reason: obstacle }, "can't reopen the audit log: lines go to the previous file");
    const next = read();
    if ('mistakes' in next) {
      for (const mistake of next.mistakes) logger.error({ mistake }, 'configuration error: nothing was changed');
      return;
    }
    for (const setting of describeRestartNeeds(running, next)) logger.warn({ setting }, 'not reloaded');
    const { access, limits, log, server, systems } = next;
    logger.level = log.level;
    const changed = await jobyard.reload({ access, limits, allowedOrigins: server.allowedOrigins, systems: systems ?? [] });
    running = { ...running, access, limits, log };
    logger.info({ changed }, 'configuration reloaded');
  };

  return () => {
    isWanted = true;
    if (isReloading) return;
    isReloading = true;
    const reloadWhileWanted = async (): Promise<void> => {
      while (isWanted) {
        isWanted = false;
        await reload().catch((error: unknown) => logger.error({ err: error }, 'bug'));
      }
      isReloading = false;
    };
    void reloadWhileWanted();
  };
}
