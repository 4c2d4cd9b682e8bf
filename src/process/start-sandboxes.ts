import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { stringify } from 'yaml';
import { z } from 'zod';
import { findVendors } from '../config/vendors.ts';
import { toCommandLine } from '../package.js';
import type { RunningSandbox } from '../sandbox-kit/sandbox.ts';
import { vendors } from '../vendors/index.ts';
import type { Vendor } from '../vendors/vendor.ts';

// Starts only the sandboxes, for tests and demonstrations in other processes.

const count = z.coerce.number().int().nonnegative();
const flagsSchema = z.strictObject({
  'base-port': count.max(65_535).default(4100),
  host: z.string().default('127.0.0.1'),
  seed: count.default(1),
  jobs: count.max(1_000_000).default(120),
  'latency-ms': count.max(600_000).default(0),
  vendor: z.array(z.string()).optional(),
});

const flags = readFlags();
const references = flags.vendor ?? vendors.map(({ name }) => name);
const maxBasePort = 65_535 - references.length;
if (flags['base-port'] > maxBasePort) fail(`--base-port: expected 0 to ${maxBasePort}, got ${flags['base-port']}`, 2);
const wanted = await findVendors(references, process.cwd());
if ('errors' in wanted) fail(wanted.errors.join('\n'), 2);
const sandboxes = await Promise.all(wanted.map(startOne)).catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error), 1),
);

const variables: string[] = [];
const systems = sandboxes.map(({ vendor, url, settings }, index) => {
  const secrets = wanted[index]?.secrets(settings) ?? [];
  const entries = Object.entries(settings).map(([key, value]) => {
    if (typeof value !== 'string' || !secrets.includes(value)) return [key, value];
    const variable = `${vendor}_${key}`.replace(/[^A-Za-z]/g, '_').toUpperCase();
    variables.push(`export ${variable}='${value}'`);
    return [key, { env: variable }];
  });
  return { id: vendor, vendor: references[index], ...(url !== '' && { url }), ...Object.fromEntries(entries) };
});

// Before the output: its reader may stop the sandboxes immediately.
closeWithGrace(async () => {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

process.stdout.write(`Sandboxes
${sandboxes.map(({ vendor, url, settings }) => `  ${vendor.padEnd(14)} ${url}  ${JSON.stringify(settings)}`).join('\n')}
${sandboxes.some(({ url }) => url.startsWith('http')) ? 'Control them at /_sandbox (clock, faults, switches, requests).\n' : ''}To use them, set these variables, save the YAML as jobyard.yaml, and run: ${toCommandLine('start', '--config jobyard.yaml')}

${variables.join('\n')}

${stringify({ systems })}
`);

function startOne({ name, startSandbox }: Vendor, index: number): Promise<RunningSandbox> {
  if (!startSandbox) fail(`--vendor: expected a vendor with a sandbox, ${name} has none`, 2);
  return startSandbox({
    host: flags.host,
    port: flags['base-port'] === 0 ? 0 : flags['base-port'] + index,
    seed: flags.seed,
    jobs: flags.jobs,
    latencyMs: flags['latency-ms'],
  });
}

function readFlags(): z.infer<typeof flagsSchema> {
  try {
    const names = Object.keys(flagsSchema.shape);
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const, multiple: name === 'vendor' }]));
    const parsed = flagsSchema.safeParse(parseArgs({ options }).values);
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
