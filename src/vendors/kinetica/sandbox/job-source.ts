import { createRandom, type Random } from '../../../sandbox-kit/random.ts';
import { pickWork } from './catalog.ts';
import type { JobInput } from './complete-job.ts';
import type { KineticaJob } from './job.ts';

/** Decides what each job of a cluster is, by its index. Index -1 is the oldest job of a backup. */
export interface JobSource {
  seed: number;
  /** The backup of a pair: it has the asynchronous jobs of its primary, and its own synchronous jobs. */
  isBackup: boolean;
}

const offsets = { shared: 0, primary: 1, backup: 2, times: 3 };

/** The random source of one job for one purpose. `shared` is the same on both clusters of a pair. */
export function randomOf({ seed }: JobSource, index: number, purpose: keyof typeof offsets): Random {
  return createRandom(seed * 7919 + index * 104_729 + offsets[purpose]);
}

/** What the job at this index does and for whom. */
export function drawWork(source: JobSource, index: number, kind: KineticaJob['kind']): JobInput {
  if (kind === 'sync') return { kind, ...pickWork(randomOf(source, index, source.isBackup ? 'backup' : 'primary'), kind) };
  const random = randomOf(source, index, 'shared');
  const work = pickWork(random, kind);
  const named = work.userData !== '' && random.chance(0.5);
  const tag = named ? `${work.userData}_${1000 + index}` : random.uuid();
  return { kind, ...work, tag, outcome: random.chance(0.12) ? 'ERROR' : 'DONE', progress: random.integer(5, 90) };
}
