import { parseArgs } from 'node:util';
import { defaultTargets, type Target, targets } from './targets/index.ts';
import { createOtherCheckout } from './targets/jobyard/target.ts';
import { defaultWorkloads, type Workload, workloads } from './workloads.ts';

export interface Options {
  workloads: Workload[];
  targets: Target[];
  repetitions: number;
  seconds: number;
  warmUpSeconds: number;
  /** Null: the workload's own. */
  latencyMs: number | null;
  /** 0: one window; else windows of `seconds` of one process for so long. */
  minutes: number;
  /** 0: off; else windows of a second, so many, without a warm-up. */
  fromStartSeconds: number;
  /** Each a row of the tables; null: the workload's own. */
  connections: number[] | null;
  profile: boolean;
  /** Where the result goes. */
  output: string;
}

const help = `npm run bench -- [WORKLOAD …] [options]
  WORKLOAD          ${workloads.map(({ name }) => name).join(' ')}   default: ${defaultWorkloads.join(' ')}
  --targets A,B     ${targets.map(({ name }) => name).join(' ')}   default: ${defaultTargets.join(',')}
  --against FOLDER  another checkout of Jobyard, its packages installed, in the same run
  --repetitions N   default 5
  --seconds N       of each measurement, default 5
  --warm-up N       seconds before it, default 15
  --latency-ms N    of each vendor answer, instead of the workload's own (0; W5s: 200)
  --connections N,N instead of the workload's own; each number is a row of the table
  --minutes N       each target for so long in windows of --seconds: is the last one as fast as the first?
  --from-start N    each of the first N seconds of a process, without a warm-up: from which one on is it fast?
  --profile         writes and sums up a CPU profile of each target
  --output FILE     the result as JSON, default bench/results/latest.json
  --quick           1 repetition of 1 second: shows that it works, measures nothing
`;

export function readOptions(commandLine: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...commandLine],
    allowPositionals: true,
    options: {
      targets: { type: 'string' },
      against: { type: 'string' },
      repetitions: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      'latency-ms': { type: 'string' },
      connections: { type: 'string' },
      minutes: { type: 'string' },
      'from-start': { type: 'string' },
      profile: { type: 'boolean', default: false },
      output: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  return {
    workloads: pick(positionals.length > 0 ? positionals : defaultWorkloads, workloads),
    targets: [
      ...pick(values.targets?.split(',') ?? defaultTargets, targets),
      ...(values.against === undefined ? [] : [createOtherCheckout(values.against)]),
    ],
    repetitions: toNumber(values.repetitions, values.quick ? 1 : 5),
    seconds: toNumber(values.seconds, values.quick ? 1 : 5),
    warmUpSeconds: toNumber(values['warm-up'], values.quick ? 1 : 15),
    latencyMs: values['latency-ms'] === undefined ? null : toNumber(values['latency-ms'], 0),
    minutes: toNumber(values.minutes, 0),
    fromStartSeconds: toNumber(values['from-start'], 0),
    connections: values.connections?.split(',').map(toConnections) ?? null,
    profile: values.profile,
    output: values.output ?? new URL('results/latest.json', import.meta.url).pathname,
  };
}

function toNumber(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value >= 0)) throw new Error(`Expected a number, got "${text}"`);
  return value;
}

function toConnections(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--connections: expected numbers from 1, separated by commas, got "${text}"`);
  return value;
}

function pick<Named extends { name: string }>(names: readonly string[], known: readonly Named[]): Named[] {
  return names.map((name) => {
    const found = known.find((one) => one.name === name);
    if (!found) throw new Error(`There is no "${name}"; known: ${known.map((one) => one.name).join(', ')}`);
    return found;
  });
}
