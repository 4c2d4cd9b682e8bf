import { suggest } from '../config/config-errors.ts';
import { program, toCommandLine } from '../package.js';
import { endWithReader } from './end-with-reader.ts';
import { exitWithErrors } from './exit-with-errors.ts';

/** A command of the program. */
interface Command {
  name: string;
  /** What follows the name. */
  parameters: string;
  summary: string;
  /** Loads the command's module, which takes time, and runs the command. */
  run(commandLine: readonly string[]): Promise<void>;
}

const commands: readonly Command[] = [
  {
    name: 'check',
    parameters: '[--config FILE]',
    summary: 'Check the configuration, like --check',
    run: async (commandLine) => (await import('./check-config.ts')).checkConfig(commandLine),
  },
  {
    name: 'sandbox',
    parameters: '[--vendor VENDOR]… [--base-port N] [--host HOST] [--seed N] [--jobs N] [--latency-ms N]',
    summary: "Start only the sandboxes: one of each vendor, or of those given. VENDOR is a vendor's name, package, or file",
    run: async (commandLine) => (await import('./start-sandboxes.ts')).startSandboxes(commandLine),
  },
  {
    name: 'apikey',
    parameters: 'NAME',
    summary: 'Create an API key',
    run: async (commandLine) => (await import('./create-api-key.ts')).printApiKey(commandLine),
  },
  {
    name: 'schema',
    parameters: '[--profile direct|plain|core|full] [--configuration]',
    summary: `Print the GraphQL schema, or with --configuration the JSON Schema of the configuration. Profiles:
      direct (default): for clients. plain: for clients that reject directives, such as Relay's compiler.
      core: for gateways. full: for gateways that enforce scopes and costs`,
    run: async (commandLine) => (await import('./print-schema.ts')).printSchema(commandLine),
  },
  {
    name: 'conformance',
    parameters: '--config FILE | --vendor VENDOR…',
    summary: 'Check the connections to the systems, which only reads. With --vendor, check the adapter of a vendor on its sandbox',
    run: async (commandLine) => (await import('./check-conformance.ts')).checkConformance(commandLine),
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

/** Runs a command. An unknown one prints an error. */
export async function runCommand(name: string, commandLine: readonly string[]): Promise<void> {
  endWithReader();
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name);
    exitWithErrors([`command line: expected a command or an option, got "${name}"${suggest(name, names)}; see --help`]);
  }
  if (commandLine.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`Usage: ${toCommandLine(name, command.parameters)}\n\n${command.summary.replaceAll(/\n +/g, '\n')}.\n`);
    return;
  }
  await command.run(commandLine);
}
