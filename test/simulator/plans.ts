import type { Grant, Scope } from '../../src/config/grants.ts';
import type { Random } from '../../src/sandbox-kit/random.ts';
import type { VendorName } from '../vendors/contract.ts';
import { subjects } from '../vendors/subjects.ts';
import type { Mishap } from './network.ts';
import type { CallerPlan } from './replica.ts';

/** The vendors that worlds choose from. With others, all worlds are others. */
export type Choice = readonly VendorName[];

/** Two systems of each vendor. */
export function listSystems(choice: Choice): [systemId: string, vendor: VendorName][] {
  return ['', '-2'].flatMap((suffix) => choice.map((name): [string, VendorName] => [`${name}${suffix}`, name]));
}

/** IDs of no job: well-formed and malformed ones, and some of no system. */
export function listStrangers(choice: Choice): string[] {
  const unknown = choice.map((name) => `${name}:${subjects[name].ids.unknown}`);
  return [...unknown, 'kinetica:007', 'nosuch:1', 'no-colon', ''];
}

const administratorScopes: Scope[] = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'jobs:raw', 'systems:read', 'audit:read'];
/** Sees everything in the end. */
export const administrator: CallerPlan = {
  name: 'administrator',
  grants: administratorScopes.map((scope) => ({ scope, systems: null })),
};

/** Callers of fewer rights, for some of the systems. */
export function planCallers(plan: Random, systemIds: readonly string[]): CallerPlan[] {
  const some = (): string[] => systemIds.filter(() => plan.chance(0.5));
  const grant = (scope: Scope, systems: string[] | null): Grant => ({ scope, systems });
  const own = some();
  return [
    { name: 'reader', grants: [grant('jobs:read', null)] },
    {
      name: 'operator',
      grants: [grant('jobs:read', own), grant('jobs:cancel', own), grant('jobs:operate', own), grant('audit:read', own)],
    },
    { name: 'watcher', grants: [grant('jobs:read', some()), grant('systems:read', null), grant('audit:read', some())] },
    { name: 'blind-canceler', grants: [grant('jobs:cancel', some())] },
  ];
}

/** What may befall a request. */
export function planMishap(plan: Random): Mishap {
  const applied = plan.chance(0.5);
  return plan.pick<Mishap>([
    { kind: 'rejected' },
    { kind: 'reset', applied },
    { kind: 'hang', applied },
    { kind: 'late', afterMs: plan.integer(100, 20_000) },
    { kind: 'slow', afterMs: plan.integer(100, 20_000) },
    { kind: 'cut' },
    { kind: 'twice' },
    { kind: 'gateway', status: plan.pick([500, 502, 503, 504]), applied, headers: {} },
    { kind: 'gateway', status: plan.pick([429, 503]), applied: false, headers: { 'retry-after': plan.pick(['1', '5', '20']) } },
    { kind: 'gateway', status: plan.pick([302, 403, 404]), applied: false, headers: {} },
    { kind: 'echo', status: plan.pick([400, 403, 500]) },
  ]);
}
