import { suggest } from '../config/config-errors.ts';
import { program, toCommandLine } from '../package.js';

/** A command of the program, which starts when its module is loaded and reads its own parameters. */
interface Command {
  name: string;
  /** What follows the name. */
  parameters: string;
  summary: string;
  load(): Promise<unknown>;
}

const commands: readonly Command[] = [
  {
    name: 'check',
    parameters: '[--config FILE]',
    summary: 'Check the configuration, like --check',
    load: () => import('./check-config.ts'),
  },
  {
    name: 'sandbox',
    parameters: '[--vendor VENDOR]… [--base-port N] [--host HOST] [--seed N] [--jobs N] [--latency-ms N]',
    summary: "Start only the sandboxes: one of each vendor, or of those given. VENDOR is a vendor's name, package, or file",
    load: () => import('./start-sandboxes.ts'),
  },
  { name: 'apikey', parameters: 'NAME', summary: 'Create an API key', load: () => import('./create-api-key.ts') },
  {
    name: 'schema',
    parameters: '[--profile plain|core|full] [--configuration]',
    summary: 'Print the GraphQL schema, or the JSON Schema of the configuration',
    load: () => import('./print-schema.ts'),
  },
  {
    name: 'conformance',
    parameters: '--config FILE | --vendor VENDOR…',
    summary: 'Check the connections to the systems, which only reads. With --vendor, check the adapter of a vendor on its sandbox',
    load: () => import('./check-conformance.ts'),
  },
];

/** The help of the program: its commands, and the options of the server. */
export const usage = `Usage: ${toCommandLine('start', '[options]')}

Starts the Jobyard server. Without a configuration file, Jobyard starts a sandbox of each vendor and serves their jobs.

Options:
  --config FILE   Read the configuration from FILE. Default: the variable JOBYARD_CONFIG; else no file
  --host HOST     Listen on this host name or address. Default: the variable HOST; else server.host
  --port PORT     Listen on this port. Default: the variable PORT; else server.port
  --store FOLDER  Use this folder for the store. Default: the variable JOBYARD_STORE; else the key store
  --check         Check the configuration, print its errors, and exit with 0 if it is valid, 2 if not
  --version       Print the version and exit
  --help          Print this help and exit. Short form: -h

Other commands, with ${program}:
${commands.map(({ name, parameters, summary }) => `  ${name} ${parameters}\n      ${summary}`).join('\n')}

Exit codes: 0 after a normal stop, 1 if the start fails, 2 if the configuration or command line is invalid.
`;

/** Runs the command with these parameters. An unknown command prints an error. */
export async function runCommand(name: string, parameters: readonly string[]): Promise<void> {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name);
    process.stderr.write(`command line: expected a command or an option, got "${name}"${suggest(name, names)}; see --help\n`);
    process.exitCode = 2;
    return;
  }
  if (parameters.some((parameter) => parameter === '--help' || parameter === '-h')) {
    process.stdout.write(`Usage: ${toCommandLine(name, command.parameters)}\n\n${command.summary}.\n`);
    return;
  }
  // As in the process of its npm script, which has no name of a command.
  process.argv.splice(2, 1);
  await command.load();
}
