import { appendFileSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { ActionAudit } from '../jobs/audit.ts';
import type { ActionResult } from '../jobs/settle-action.ts';

/** Who acts, and in what request: the same for all entries of one operation. */
export interface Actor {
  /** `key:NAME`, `jwt:SUBJECT` or `anyone`. */
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
  control(entry: { control: string; bulkOperationId: string }): void;
};

/** An append-only file, or standard output without one. Throws where the file can't be opened, in words for an operator. */
export function openAuditLog(file: string | null, logger: Logger): AuditLog {
  const descriptor = file === null ? null : openForAppending(file);
  const write = (line: string): void => {
    // Synchronous, so that an intent is out of the process before the vendor is asked.
    if (descriptor === null) process.stdout.write(line);
    // Not writeSync: on a disk that is nearly full it writes a part and says nothing.
    else appendFileSync(descriptor, line);
  };
  return (actor) => {
    const record = (event: string, entry: object): void => {
      try {
        write(`${JSON.stringify({ time: new Date().toISOString(), audit: event, ...actor, ...entry })}\n`);
      } catch (error) {
        // With the entry: an outcome is known nowhere else by now.
        logger.error({ err: error, audit: event, ...actor, ...entry }, 'audit not written');
        throw error;
      }
    };
    const recordFirst = (event: string, entry: object): void => {
      try {
        record(event, entry);
      } catch {
        // The code makes GraphQL show the message instead of taking it for a bug.
        throw Object.assign(new Error("Nothing was done: the audit can't be written."), { extensions: { code: 'AUDIT_UNAVAILABLE' } });
      }
    };
    return {
      intend: (intent) => recordFirst('intent', intent),
      control: (entry) => recordFirst('control', entry),
      send: (batchId, jobIds) => record('sent', { batchId, jobIds }),
      settle(batchId, jobs) {
        const results = jobs.map(({ jobId, result, sentAt, sharedWith }) => {
          return { jobId, sent: sentAt !== null, ...(sharedWith !== null && { sharedWith }), ...describe(result) };
        });
        try {
          record('outcome', { batchId, results });
        } catch {
          // What the vendor did is done: the caller must hear of it all the same.
        }
      },
      refuse(refusal) {
        try {
          record('refused', refusal);
        } catch {
          // Nothing was done, and nothing is lost but the line, which is in the log.
        }
      },
    };
  };
}

function openForAppending(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a', 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw new Error(`audit.file: expected a file that lines can be appended to, ${file} can't be opened (${code})`);
  }
}

function describe(result: ActionResult): object {
  if (result.kind === 'succeeded') return { result: result.how };
  const { code, message } = result.problem;
  return { result: result.kind, code, message };
}
