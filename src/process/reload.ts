import type { Logger } from 'pino';
import type { Jobyard } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { ConfigError } from '../config/config-errors.ts';
import { describeRestartNeeds } from '../config/restart-needs.ts';
import type { AuditOutput } from '../history/audit-output.ts';

export interface ReloadOptions {
  /** The configuration that Jobyard was started with. */
  config: Config;
  read(): Promise<Config | { errors: ConfigError[] }>;
  jobyard: Pick<Jobyard, 'reload'>;
  auditOutput: AuditOutput;
  logger: Logger;
}

/**
 * Reopens the audit log's file and applies the settings that can change at runtime; the log lists the changes, and those that require a
 * restart. A configuration with errors changes nothing. A request during a reload causes one more reload.
 */
export function createReload({ config, read, jobyard, auditOutput, logger }: ReloadOptions): () => void {
  let running = config;
  let isWanted = false;
  let isReloading = false;

  const reload = async (): Promise<void> => {
    const obstacle = auditOutput.reopen();
    if (obstacle !== null) logger.error({ reason: obstacle }, "can't reopen the audit log: lines go to the previous file");
    const next = await read();
    if ('errors' in next) {
      for (const error of next.errors) logger.error({ error }, 'configuration error: nothing was changed');
      return;
    }
    for (const setting of describeRestartNeeds(running, next)) logger.warn({ setting }, 'not reloaded');
    const { limits, log, server, systems } = next;
    // The port may be reachable from other machines, and a file that is cut off can be valid without this key.
    const access = next.access ?? running.access;
    logger.level = log.level;
    const changed = await jobyard.reload({ access, limits, allowedOrigins: server.cors.origins, systems: systems ?? [] });
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
