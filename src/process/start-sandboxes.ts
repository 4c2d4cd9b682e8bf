import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { stringify } from 'yaml';
import { z } from 'zod';
import { toCommandLine } from '../package.js';
import { vendors } from '../vendors/index.ts';

// Starts only the sandboxes, for tests and demonstrations in other processes.

const count = z.coerce.number().int().nonnegative();
const flagsSchema = z.strictObject({
  'base-port': count.max(65_535 - vendors.length).default(4100),
  host: z.string().default('127.0.0.1'),
  seed: count.default(1),
  jobs: count.max(1_000_000).default(120),
  'latency-ms': count.max(600_000).default(0),
});

const flags = readFlags();
const sandboxes = await Promise.all(
  vendors.map(({ startSandbox }, index) =>
    startSandbox({
      host: flags.host,
      port: flags['base-port'] === 0 ? 0 : flags['base-port'] + index,
      seed: flags.seed,
      jobs: flags.jobs,
      latencyMs: flags['latency-ms'],
    }),
  ),
).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error), 1));

const variables: string[] = [];
const systems = sandboxes.map(({ vendor, url, settings }) => {
  const secrets = vendors.find(({ name }) => name === vendor)?.secrets(settings) ?? [];
  const entries = Object.entries(settings).map(([key, value]) => {
    if (typeof value !== 'string' || !secrets.includes(value)) return [key, value];
    const variable = `${vendor}_${key}`.replace(/[^A-Za-z]/g, '_').toUpperCase();
    variables.push(`export ${variable}='${value}'`);
    return [key, { env: variable }];
  });
  return { id: vendor, vendor, url, ...Object.fromEntries(entries) };
});

// Before the output: its reader may stop the sandboxes immediately.
closeWithGrace(async () => {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

process.stdout.write(`Sandboxes
${sandboxes.map(({ vendor, url, settings }) => `  ${vendor.padEnd(14)} ${url}  ${JSON.stringify(settings)}`).join('\n')}
Control them at /_sandbox (clock, faults, switches, requests).
To use them, set these variables, save the YAML as jobyard.yaml, and run: ${toCommandLine('start', '--config jobyard.yaml')}

${variables.join('\n')}

${stringify({ systems })}
`);

function readFlags(): z.infer<typeof flagsSchema> {
  try {
    const names = Object.keys(flagsSchema.shape);
    const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])) });
    const parsed = flagsSchema.safeParse(values);
    return parsed.success
      ? parsed.data
      : fail(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'), 2);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}; see ${toCommandLine('sandbox', '--help')}`, 2);
  }
}

function fail(message: string, exitCode: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
