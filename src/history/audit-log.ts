import type { Logger } from 'pino';
import { type ActionResult, isFailure } from '../actions/action-result.ts';
import { type ActionAudit, AuditUnavailableError } from '../actions/audit.ts';
import type { AuditOutput } from './audit-output.ts';
import { toBoundedLine } from './bounded-entry.ts';

/** The caller and the request, the same for all entries of one operation. */
export interface Actor {
  /** `key:NAME`, `jwt:SUBJECT` or `anonymous`. */
  caller: string;
  requestId: string;
  /** The name of the GraphQL operation; null if it has none. */
  operation: string | null;
  /** The ID of the bulk operation that performs the action, if any. */
  bulkOperationId?: string;
}

/** Writes audit log entries, one JSON line each. */
export type AuditLog = (actor: Actor) => ActionAudit & {
  /** A command on a bulk operation. Throws AuditUnavailableError if it can't be recorded: then the command is not applied. */
  recordCommand(entry: { command: string; bulkOperationId: string }): void;
};

export interface AuditLogOptions {
  output: AuditOutput;
  /** Called for each entry that could not be written. */
  onFailure(): void;
  logger: Logger;
}

export function createAuditLog({ output, onFailure, logger }: AuditLogOptions): AuditLog {
  return (actor) => {
    const record = (event: string, entry: object): void => {
      const line = toBoundedLine({ time: new Date().toISOString(), audit: event, ...actor, ...entry });
      try {
        output.append(line);
      } catch (error) {
        onFailure();
        // With the bounded entry: the outcome may be recorded nowhere else.
        const { time, ...rest } = JSON.parse(line);
        logger.error({ err: error, ...rest }, 'audit log not written');
        throw error;
      }
    };
    const recordFirst = (event: string, entry: object): void => {
      try {
        record(event, entry);
      } catch {
        throw new AuditUnavailableError();
      }
    };
    return {
      recordIntent: (intent) => recordFirst('intent', intent),
      recordCommand: (entry) => recordFirst('command', entry),
      recordSent: (actionId, jobIds) => record('sent', { actionId, jobIds }),
      recordOutcomes(actionId, jobs) {
        const results = jobs.map(({ jobId, result, sentAt, sharedWith }) => {
          return { jobId, sent: sentAt !== null, ...(sharedWith !== null && { sharedWith }), ...describe(result) };
        });
        try {
          record('outcome', { actionId, results });
        } catch {
          // The action can't be undone: the caller gets its result.
        }
      },
      recordDenial(denial) {
        try {
          record('denied', denial);
        } catch {
          // Nothing was done, and the log has the entry.
        }
      },
    };
  };
}

function describe(result: ActionResult): object {
  const { outcome } = result;
  if (!isFailure(result)) return { outcome, ...(result.createdJobId !== undefined && { createdJobId: result.createdJobId }) };
  const { code, message } = result.problem;
  return { outcome, code, message };
}
