import { parseArgs } from 'node:util';
import { attacks } from './attacks/index.ts';
import { maxRssMiB } from './max-rss.ts';
import { type Round, runRound } from './round.ts';

/** `npm run abuse`: attacks a Jobyard in every known way and measures what another caller meets meanwhile. */
const usage = `npm run abuse -- [--only NAME,…] [--seconds N]
Attacks: ${attacks.map(({ name }) => name).join(', ')}`;

const { only, seconds } = readFlags();
const chosen = attacks.filter(({ name }) => only.length === 0 || only.includes(name));

/** On a machine with two cores. */
const maxReadP99Ms = 250;
const maxLivezMs = 500;

let failed = 0;
report('', 'attack', ['read p50', 'p99', 'cancel p99', 'livez max', 'RSS MiB', 'CPU ms/s', 'disk MiB/min']);
await attack(null, 'no attack');
for (const { name, title } of chosen) await attack(name, title);
process.stdout.write(failed === 0 ? 'No attack hurts others.\n' : `${failed} attacks hurt others.\n`);
process.exit(failed === 0 ? 0 : 1);

async function attack(name: string | null, title: string): Promise<void> {
  const round = await runRound(name, seconds * 1000);
  const { reads, cancels, livez, peakRssMiB, cpuMsPerSecond, diskMiBPerMinute } = round;
  const figures = [reads.p50, reads.p99, cancels.p99, livez.max, peakRssMiB, cpuMsPerSecond, diskMiBPerMinute];
  const verdict = findHarm(round);
  if (verdict.length > 0) failed += 1;
  report(
    verdict.length === 0 ? 'ok' : 'HURTS',
    name ?? '',
    figures.map((figure) => figure.toFixed(0)),
  );
  process.stdout.write(`       ${title}\n`);
  for (const harm of verdict) process.stdout.write(`       ${harm}\n`);
}

/** Why the round counts as failed. */
function findHarm({ reads, livez, peakRssMiB, survived, failures }: Round): string[] {
  const harms = Array.from(failures, ([failure, count]) => `${count} × ${failure}`);
  if (!survived) harms.push('Jobyard ended');
  if (reads.p99 > maxReadP99Ms) harms.push(`reads: p99 ${reads.p99.toFixed(0)} ms, expected at most ${maxReadP99Ms}`);
  if (livez.max > maxLivezMs) harms.push(`/livez: ${livez.max.toFixed(0)} ms, expected at most ${maxLivezMs}`);
  if (peakRssMiB > maxRssMiB) harms.push(`RSS: ${peakRssMiB.toFixed(0)} MiB, expected at most ${maxRssMiB}`);
  return harms;
}

function report(verdict: string, name: string, figures: readonly string[]): void {
  process.stdout.write(`${verdict.padEnd(7)}${name.padEnd(24)}${figures.map((figure) => figure.padStart(13)).join('')}\n`);
}

function readFlags(): { only: string[]; seconds: number } {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, seconds: { type: 'string', default: '10' } } });
  const names = values.only === '' ? [] : values.only.split(',');
  const duration = Number(values.seconds);
  if (names.every((name) => attacks.some((each) => each.name === name)) && duration > 0) return { only: names, seconds: duration };
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
