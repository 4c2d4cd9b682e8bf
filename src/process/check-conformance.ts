import { z } from 'zod';
import { readCommandLine, text, texts } from '../config/command-line.ts';
import { loadConfig } from '../config/load-config.ts';
import type { SystemConfig } from '../config/systems.ts';
import { findVendors } from '../config/vendors.ts';
import { type Check, type Subject, Violation } from '../conformance/check.ts';
import { checks } from '../conformance/index.ts';
import { startSubject } from '../conformance/start-subject.ts';
import type { ProxySettings } from '../transport/proxy-settings.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { exitWithErrors } from './exit-with-errors.ts';

const parameters = {
  config: text(z.string('expected a file').optional()),
  vendor: texts(z.string('expected a vendor')),
};

const readOnly = checks.filter((check) => check.readOnly);

/** Runs the read-only checks on the configured systems or, with --vendor, all checks on the vendors' sandboxes. Exits with 1 if one fails. */
export async function checkConformance(commandLine: readonly string[]): Promise<void> {
  const read = readCommandLine(commandLine, parameters);
  if ('errors' in read) exitWithErrors(read.errors);
  const { vendor: names, config } = read;
  if (names.length > 0 && config !== undefined) exitWithErrors(['command line: expected --config or --vendor, got both']);
  const failed = names.length > 0 ? await checkVendors(names) : await checkSystems(commandLine);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Returns how many checks failed. */
async function checkVendors(references: readonly string[]): Promise<number> {
  const vendors = await findVendors(references, process.cwd());
  if ('errors' in vendors) exitWithErrors(vendors.errors);
  let failed = 0;
  for (const vendor of vendors) failed += await checkSandbox(vendor);
  return failed;
}

async function checkSandbox({ name, startSandbox, ...vendor }: Vendor): Promise<number> {
  if (!startSandbox) exitWithErrors([`--vendor: expected a vendor with a sandbox, ${name} has none`]);
  const { subject, sandbox } = await startSubject({ ...vendor, startSandbox });
  const failed = await runChecks(name, subject, checks);
  await subject.adapter.close();
  await sandbox.close();
  return failed;
}

async function checkSystems(commandLine: readonly string[]): Promise<number> {
  const config = await loadConfig(commandLine);
  if ('errors' in config) exitWithErrors(config.errors);
  if (!config.systems) exitWithErrors(['--config: expected a configuration file with systems, got nothing']);
  let failed = 0;
  for (const system of config.systems) failed += await checkSystem(system, config.proxy);
  return failed;
}

async function checkSystem(system: SystemConfig, proxy: ProxySettings | null): Promise<number> {
  const { id, vendor, url, timeoutMs, concurrency, maxResponseBytes, certificateAuthorities, settings } = system;
  const connection = { certificateAuthorities, proxy };
  const adapter = vendor.createAdapter({ id, url, transport: { timeoutMs, concurrency, maxResponseBytes, connection } }, settings);
  const secrets = vendor.secrets(settings).filter((secret) => secret !== undefined);
  const createCall = () => ({ caller: 'conformance', signal: AbortSignal.timeout(60_000), credential: null });
  const failed = await runChecks(id, { adapter, secrets, createCall }, readOnly);
  await adapter.close();
  return failed;
}

async function runChecks(name: string, subject: Subject, wanted: readonly Check[]): Promise<number> {
  let failed = 0;
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
  return failed;
}
