import { once } from 'node:events';
import type { Target } from './attack.ts';
import { attacks } from './attacks/index.ts';

/** The process of one attack: reports when it is ready, attacks the given Jobyard, and stops when its parent disconnects. */
const attack = attacks.find(({ name }) => name === process.argv[2]);
if (!attack) throw new Error(`There is no attack "${process.argv[2]}".`);

process.once('disconnect', () => process.exit());
process.send?.({ vendorUrl: (await attack.startVendor?.()) ?? null });
const [target] = (await once(process, 'message')) as [Target];
await attack.run(target, new AbortController().signal);
