import { join } from 'node:path';
import type { VendorName } from '../ids.ts';

/** Where the stub's vendors are. */
export type Origins = Record<VendorName, string>;

export const systemsQuery = 'query Systems { jobSystems { id } }';

/** A server under test. */
export interface Target {
  name: string;
  /** For the table. */
  title: string;
  /** How many of it run side by side, each with its own port. */
  processes: number;
  /** What is done once for a whole benchmark. */
  prepare?(origins: Origins, workDirectory: string): Promise<void>;
  /** The arguments of node that start it, on this port of loopback. */
  command(port: number, origins: Origins, workDirectory: string): string[];
  /** What each of its callers sends; operations take turns with them. */
  callers: Record<string, string>[];
  /** What shows that it has started. */
  firstQuery: string;
  /** False where its schema is another one, so that its answers can't be compared. */
  comparable: boolean;
}

/** The settings of the benchmark's own servers. */
export interface ServerSettings {
  port: number;
  origins: Origins;
  /** Where a server that has an audit log writes it. */
  auditFile: string;
}

export function readSettings(): ServerSettings {
  return JSON.parse(process.argv[2] ?? '{}') as ServerSettings;
}

/** A server of ours: a file that reads its settings from the command line. */
export function ownServer(name: string, title: string, file: URL, callers: Target['callers'] = [{}]): Target {
  return {
    name,
    title,
    processes: 1,
    command(port, origins, workDirectory) {
      const settings: ServerSettings = { port, origins, auditFile: join(workDirectory, `${name}-audit.jsonl`) };
      return [file.pathname, JSON.stringify(settings)];
    },
    callers,
    firstQuery: systemsQuery,
    comparable: true,
  };
}
