import { createHash } from 'node:crypto';
import type { VirtualTime } from './virtual-time.ts';

/** What happened in a world, line by line; the same seed gives the same lines. */
export interface Trace {
  note(...words: unknown[]): void;
  lines: readonly string[];
  /** Of all lines. */
  hash(): string;
}

export function createTrace(time: VirtualTime): Trace {
  const lines: string[] = [];
  return {
    lines,
    note(...words) {
      const seconds = (time.sinceStartMs() / 1000).toFixed(3);
      lines.push(`${seconds} ${time.lifeNow()?.name ?? '-'} ${words.join(' ')}`);
    },
    hash: () => createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16),
  };
}
