import { loadConfig } from '../config/config.ts';
import { Violation } from '../conformance/check.ts';
import { checks } from '../conformance/index.ts';

/** Runs the read-only checks on the configured systems. Exits with 1 if one fails. */
const config = loadConfig(process.argv.slice(2));
if ('errors' in config || !config.systems) {
  process.stderr.write(
    `${'errors' in config ? config.errors.join('\n') : '--config: expected a configuration file with systems, got nothing'}\n`,
  );
  process.exit(2);
}

let failed = 0;
for (const { id, vendor, url, timeoutMs, concurrency, maxResponseBytes, certificateAuthorities, settings } of config.systems) {
  const connection = { certificateAuthorities, proxy: config.proxy };
  const adapter = vendor.createAdapter({ id, url, transport: { timeoutMs, concurrency, maxResponseBytes, connection } }, settings);
  const subject = {
    adapter,
    secrets: vendor.secrets(settings).filter((secret) => secret !== undefined),
    createCall: () => ({ caller: 'conformance', signal: AbortSignal.timeout(60_000), credential: null }),
  };
  for (const check of checks.filter(({ readOnly }) => readOnly)) {
    const complaint = await check.run(subject).then(
      () => null,
      (error: unknown) => (error instanceof Violation ? error.message : `the check threw ${String(error)}`),
    );
    if (complaint !== null) failed += 1;
    process.stdout.write(
      `${complaint === null ? 'ok  ' : 'FAIL'}  ${id}  ${check.id}  ${check.statement}${complaint === null ? '' : `\n      ${complaint}`}\n`,
    );
  }
  await adapter.close();
}
process.exitCode = failed === 0 ? 0 : 1;
