import type { World } from './judged-world.ts';

/** A line of a replica's audit log. */
export interface Line {
  /** By the world's clock; the line has it by the clock of the replica's machine. */
  timeMs: number;
  audit: string;
  actionId: string;
  systemId?: string;
  requestId?: string;
  jobIds?: string[];
  dryRun?: boolean;
  results?: { jobId: string; sent: boolean; outcome: string }[];
  bulkOperationId?: string;
  process: string;
}

export const readLines = ({ replicas }: World): Line[] =>
  replicas.flatMap((replica) =>
    replica.readAudit().map((text) => {
      const entry = JSON.parse(text);
      const { name, clockAheadMs } = replica.life;
      return { ...entry, timeMs: Date.parse(entry.time) - clockAheadMs, process: name } as Line;
    }),
  );
