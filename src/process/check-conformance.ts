import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load-config.ts';
import type { SystemConfig } from '../config/systems.ts';
import { findVendors } from '../config/vendors.ts';
import { type Check, type Subject, Violation } from '../conformance/check.ts';
import { checks } from '../conformance/index.ts';
import { startSubject } from '../conformance/start-subject.ts';
import type { ProxySettings } from '../transport/proxy-settings.ts';
import type { Vendor } from '../vendors/vendor.ts';

// Runs the read-only checks on the configured systems or, with --vendor, all checks on the vendors' sandboxes. Exits with 1 if one fails.

let failed = 0;
const readOnly = checks.filter((check) => check.readOnly);
const names = readVendorNames();
if (names.length > 0) await checkVendors(names);
else await checkSystems();
process.exitCode = failed === 0 ? 0 : 1;

/** None: the parameters are those of the server. */
function readVendorNames(): string[] {
  const { vendor: given = [], config } = parseArgs({
    options: { vendor: { type: 'string', multiple: true }, config: { type: 'string' } },
    strict: false,
  }).values;
  const found = given.filter((name) => typeof name === 'string');
  if (found.length < given.length) exit(['--vendor: expected a vendor, got nothing']);
  if (found.length > 0 && config !== undefined) exit(['command line: expected --config or --vendor, got both']);
  return found;
}

async function checkVendors(references: readonly string[]): Promise<void> {
  const vendors = await findVendors(references, process.cwd());
  if ('errors' in vendors) exit(vendors.errors);
  for (const vendor of vendors) await checkSandbox(vendor);
}

async function checkSandbox({ name, startSandbox, ...vendor }: Vendor): Promise<void> {
  if (!startSandbox) exit([`--vendor: expected a vendor with a sandbox, ${name} has none`]);
  const { subject, sandbox } = await startSubject({ ...vendor, startSandbox });
  await runChecks(name, subject, checks);
  await subject.adapter.close();
  await sandbox.close();
}

async function checkSystems(): Promise<void> {
  const config = await loadConfig(process.argv.slice(2));
  if ('errors' in config) exit(config.errors);
  if (!config.systems) exit(['--config: expected a configuration file with systems, got nothing']);
  for (const system of config.systems) await checkSystem(system, config.proxy);
}

async function checkSystem(system: SystemConfig, proxy: ProxySettings | null): Promise<void> {
  const { id, vendor, url, timeoutMs, concurrency, maxResponseBytes, certificateAuthorities, settings } = system;
  const connection = { certificateAuthorities, proxy };
  const adapter = vendor.createAdapter({ id, url, transport: { timeoutMs, concurrency, maxResponseBytes, connection } }, settings);
  const secrets = vendor.secrets(settings).filter((secret) => secret !== undefined);
  const createCall = () => ({ caller: 'conformance', signal: AbortSignal.timeout(60_000), credential: null });
  await runChecks(id, { adapter, secrets, createCall }, readOnly);
  await adapter.close();
}

async function runChecks(name: string, subject: Subject, wanted: readonly Check[]): Promise<void> {
  for (const { id, statement, run } of wanted) {
    const complaint = await run(subject).then(
      () => null,
      (error: unknown) => (error instanceof Violation ? error.message : `the check threw ${String(error)}`),
    );
    if (complaint !== null) failed += 1;
    process.stdout.write(
      `${complaint === null ? 'ok  ' : 'FAIL'}  ${name}  ${id}  ${statement}${complaint === null ? '' : `\n      ${complaint}`}\n`,
    );
  }
}

function exit(errors: readonly string[]): never {
  process.stderr.write(`${errors.join('\n')}\n`);
  process.exit(2);
}
