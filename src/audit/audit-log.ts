import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ActionAudit } from '../jobs/audit.ts';
import type { ActionResult } from '../jobs/settle-action.ts';

/** Who acts, and in what request: the same for all entries of one operation. */
export interface Actor {
  /** `key:NAME`, `jwt:SUBJECT` or `anyone`. */
  caller: string;
  requestId: string;
  /** The GraphQL operation's name, where it has one. */
  operation: string | null;
}

/** Writes one JSON line per event. */
export type AuditLog = (actor: Actor) => ActionAudit;

/** An append-only file, or standard output without one. Throws where the file can't be opened. */
export function openAuditLog(file: string | null): AuditLog {
  if (file !== null) mkdirSync(dirname(file), { recursive: true });
  const descriptor = file === null ? null : openSync(file, 'a', 0o600);
  const write = (line: string): void => {
    // Synchronous, so that an intent is out of the process before the vendor is asked.
    if (descriptor === null) process.stdout.write(line);
    else writeSync(descriptor, line);
  };
  return (actor) => {
    const record = (event: string, entry: object): void =>
      write(`${JSON.stringify({ time: new Date().toISOString(), audit: event, ...actor, ...entry })}\n`);
    return {
      intend: (intent) => record('intent', intent),
      send: (batchId, jobIds) => record('sent', { batchId, jobIds }),
      settle: (batchId, results) =>
        record('outcome', { batchId, results: Array.from(results, ([jobId, result]) => ({ jobId, ...describe(result) })) }),
    };
  };
}

function describe(result: ActionResult): object {
  if (result.kind === 'succeeded') return { result: result.how };
  const { code, message } = result.problem;
  return { result: result.kind, code, message };
}
