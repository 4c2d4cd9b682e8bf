import type { Logger } from 'pino';
import { type ActionResult, isFailure } from '../actions/action-result.ts';
import { type ActionAudit, AuditUnavailableError } from '../actions/audit.ts';
import type { AuditOutput } from './audit-output.ts';
import { toBoundedLine } from './bounded-entry.ts';

/** Who acts, and in what request: the same for all entries of one operation. */
export interface Actor {
  /** `key:NAME`, `jwt:SUBJECT` or `anonymous`. */
  caller: string;
  requestId: string;
  /** The GraphQL operation's name, where it has one. */
  operation: string | null;
  /** Where it is done for a bulk operation: its id. */
  bulkOperationId?: string;
}

/** Writes one JSON line per event. */
export type AuditLog = (actor: Actor) => ActionAudit & {
  /** What is done to a bulk operation. Throws where it can't be kept: then it is not done. */
  recordCommand(entry: { command: string; bulkOperationId: string }): void;
};

export interface AuditLogOptions {
  output: AuditOutput;
  /** Told of each line that could not be written. */
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
        // With the entry, as bounded as in the audit: an outcome is known nowhere else by now.
        const { time, ...rest } = JSON.parse(line);
        logger.error({ err: error, ...rest }, 'audit not written');
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
          // What the vendor did is done: the caller must hear of it all the same.
        }
      },
      recordDenial(refusal) {
        try {
          record('denied', refusal);
        } catch {
          // Nothing was done, and nothing is lost but the line, which is in the log.
        }
      },
    };
  };
}

function describe(result: ActionResult): object {
  const { outcome } = result;
  if (!isFailure(result)) return { outcome };
  const { code, message } = result.problem;
  return { outcome, code, message };
}
