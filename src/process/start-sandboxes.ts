import closeWithGrace from 'close-with-grace';
import { stringify } from 'yaml';
import { z } from 'zod';
import { aHost, portSchema } from '../config/address.ts';
import { readCommandLine, text, texts, type ValuesOf } from '../config/command-line.ts';
import { findVendors } from '../config/vendors.ts';
import { toCommandLine } from '../package.js';
import type { RunningSandbox } from '../sandbox-kit/sandbox.ts';
import { vendors } from '../vendors/index.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { exitWithErrors } from './exit-with-errors.ts';

/** A whole number, as text. */
function wholeNumber(expected: string, max: number) {
  return z
    .string(expected)
    .regex(/^\d{1,15}$/, expected)
    .transform(Number)
    .pipe(z.number().max(max, expected));
}

const parameters = {
  vendor: texts(z.string('expected a vendor')),
  'base-port': text(portSchema.default(4100)),
  host: text(z.string(aHost).min(1, aHost).default('127.0.0.1')),
  seed: text(wholeNumber('expected a whole number', 2 ** 31 - 1).default(1)),
  jobs: text(wholeNumber('expected 0 to 1000000 jobs', 1_000_000).default(120)),
  'latency-ms': text(wholeNumber('expected 0 to 600000 milliseconds', 600_000).default(0)),
};

type Options = ValuesOf<typeof parameters>;

/** Starts only the sandboxes, for tests and demonstrations in other processes, until the process is stopped. */
export async function startSandboxes(commandLine: readonly string[]): Promise<void> {
  const options = readCommandLine(commandLine, parameters);
  if ('errors' in options) exitWithErrors(options.errors);
  const references = options.vendor.length > 0 ? options.vendor : vendors.map(({ name }) => name);
  const maxBasePort = 65_536 - references.length;
  if (options['base-port'] > maxBasePort) {
    exitWithErrors([
      `--base-port: expected a port from 0 to ${maxBasePort}, as each vendor has a port of its own, got "${options['base-port']}"`,
    ]);
  }
  const wanted = await findVendors(references, process.cwd());
  if ('errors' in wanted) exitWithErrors(wanted.errors);
  const starting = wanted.map(async (vendor, index) => ({
    ...(await startOne(vendor, index, options)),
    reference: references[index],
    secretsOf: vendor.secrets,
  }));
  const sandboxes = await Promise.all(starting).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  // Before the output: its reader may stop the sandboxes immediately.
  closeWithGrace(async () => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  });
  process.stdout.write(describeSandboxes(sandboxes));
}

function startOne({ name, startSandbox }: Vendor, index: number, options: Options): Promise<RunningSandbox> {
  if (!startSandbox) exitWithErrors([`--vendor: expected a vendor with a sandbox, ${name} has none`]);
  const { host, seed, jobs, 'base-port': basePort, 'latency-ms': latencyMs } = options;
  return startSandbox({ host, port: basePort === 0 ? 0 : basePort + index, seed, jobs, latencyMs });
}

interface StartedSandbox extends RunningSandbox {
  /** The vendor as the command line names it. */
  reference: string | undefined;
  secretsOf: Vendor['secrets'];
}

/** Where the sandboxes are, and the configuration that connects to them. */
function describeSandboxes(sandboxes: readonly StartedSandbox[]): string {
  const variables: string[] = [];
  const systems = sandboxes.map(({ vendor, url, settings, reference, secretsOf }) => {
    const secrets = secretsOf(settings);
    const entries = Object.entries(settings).map(([key, value]) => {
      if (typeof value !== 'string' || !secrets.includes(value)) return [key, value];
      const variable = `${vendor}_${key}`.replace(/[^A-Za-z]/g, '_').toUpperCase();
      variables.push(`export ${variable}='${value}'`);
      return [key, { env: variable }];
    });
    return { id: vendor, vendor: reference, ...(url !== '' && { url }), ...Object.fromEntries(entries) };
  });
  const control = 'Control them at /_sandbox (clock, faults, switches, requests).\n';
  return `Sandboxes
${sandboxes.map(({ vendor, url, settings }) => `  ${vendor.padEnd(14)} ${url}  ${JSON.stringify(settings)}`).join('\n')}
${sandboxes.some(({ url }) => url.startsWith('http')) ? control : ''}To use them, set these variables, save the YAML as jobyard.yaml, and run: ${toCommandLine('start', '--config jobyard.yaml')}

${variables.join('\n')}

${stringify({ systems })}
`;
}
