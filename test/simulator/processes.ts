import { join } from 'node:path';
import type { Random } from '../../src/sandbox-kit/random.ts';
import type { LifeTimes } from './operators.ts';
import { type Replica, type ReplicaParts, startReplica } from './replica.ts';
import type { Trace } from './trace.ts';

/** Jobyard's processes. */
export interface Processes {
  /** All that have begun. */
  replicas: readonly Replica[];
  /** Take requests. */
  alive: Replica[];
  lives: ReadonlyMap<string, LifeTimes>;
  begin(): Promise<void>;
  /** Another process begins some time later. */
  crash(own: Random, victim: Replica): void;
}

export interface ProcessesParts extends Omit<ReplicaParts, 'auditFile' | 'clockAheadMs'> {
  trace: Trace;
  /** Null: all clocks are the same. */
  clocks: Random | null;
  /** For the audit's files. */
  folder: string;
  beside(work: unknown): void;
}

export function createProcesses({ trace, clocks, folder, beside, ...parts }: ProcessesParts): Processes {
  const { time, isShared } = parts;
  const replicas: Replica[] = [];
  const alive: Replica[] = [];
  const lives = new Map<string, LifeTimes>();
  let begun = 0;
  const begin = async (): Promise<void> => {
    const name = `p${begun}`;
    begun += 1;
    // Processes of one machine share its store's clock, too.
    const clockAheadMs = isShared && clocks?.chance(0.7) ? clocks.pick([-1, 1]) * clocks.integer(3_000, 1_200_000) : 0;
    const replica = await startReplica(name, { ...parts, clockAheadMs, auditFile: join(folder, `${name}.jsonl`) });
    trace.note('begin', name, clockAheadMs);
    lives.set(name, { bornMs: time.nowMs(), diedMs: null, stoppingMs: null, stoppedMs: null });
    replicas.push(replica);
    alive.push(replica);
  };
  const crash = (own: Random, victim: Replica): void => {
    alive.splice(alive.indexOf(victim), 1);
    const finishes = own.chance(0.5);
    trace.note('crash', victim.life.name);
    victim.kill(finishes);
    (lives.get(victim.life.name) as LifeTimes).diedMs = time.nowMs();
    time.later(own.integer(0, 5_000), () => beside(begin()));
  };
  return { replicas, alive, lives, begin, crash };
}
