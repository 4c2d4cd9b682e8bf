import { parseArgs } from 'node:util';
import { runRound } from './round.ts';

/** `npm run crash-test`: kills Jobyard at random points of a bulk operation, again and again. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string' },
    replicas: { type: 'string', default: '1' },
  },
});

let failed = 0;
for (let round = 0; round < Number(values.rounds); round += 1) {
  const seed = Number(values.seed) + round;
  const { violations, settledAtKills, repeated, seconds } = await runRound({
    seed,
    jobs: Number(values.jobs),
    kills: Number(values.kills),
    replicas: Number(values.replicas),
    ...(values.store && { store: values.store }),
  });
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} VIOLATIONS: ${violations.slice(0, 5).join('; ')}`;
  process.stdout.write(
    `round ${round + 1} (seed ${seed}): killed with ${settledAtKills.join(', ')} of ${values.jobs} settled; ${repeated} begun again; ${seconds.toFixed(1)} s: ${verdict}\n`,
  );
  if (violations.length > 0) failed += 1;
}
process.stdout.write(failed === 0 ? 'Every item has its one true outcome.\n' : `${failed} rounds failed.\n`);
process.exitCode = failed === 0 ? 0 : 1;
