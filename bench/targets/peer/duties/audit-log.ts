import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import type { Audit } from '../resolvers.ts';
import { requestRecords } from './request-record.ts';

/** Writes a line before the cancellation is sent, and one with its outcomes, each before it returns. */
export function createAudit(file: string): Audit {
  const descriptor = openSync(file, 'a');
  const write = (event: string, entry: object): void => {
    const { caller, requestId, operation } = requestRecords.getStore() ?? {};
    const line = { time: new Date().toISOString(), audit: event, caller, requestId, operation, ...entry };
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
  };
  return (jobIds) => {
    const actionId = randomUUID();
    write('intent', { actionId, action: 'CANCEL', jobIds });
    return (results) => write('outcome', { actionId, results });
  };
}
