import { readFileSync } from 'node:fs';

/** The resources that a process has used, according to Linux. */
export interface ProcessUsage {
  /** User and system time of all threads. */
  cpuMs: number;
  rssMiB: number;
  /** The most it has had. */
  peakRssMiB: number;
}

/** Linux counts CPU time for programs in hundredths of a second, on every machine. */
const msPerTick = 10;

export function readUsage(processIds: readonly number[]): ProcessUsage {
  const total: ProcessUsage = { cpuMs: 0, rssMiB: 0, peakRssMiB: 0 };
  for (const id of processIds) {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name in parentheses may contain spaces; utime and stime are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    total.cpuMs += (Number(fields[11]) + Number(fields[12])) * msPerTick;
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    total.rssMiB += kib(status, 'VmRSS') / 1024;
    total.peakRssMiB += kib(status, 'VmHWM') / 1024;
  }
  return total;
}

function kib(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}
