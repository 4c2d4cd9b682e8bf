import { isCarriedOut, trueStatus } from '../faults/actionable-jobs.ts';
import { namedJobs } from '../faults/named-jobs.ts';
import { type Sandboxes, type SystemName, systemNames } from '../start.ts';
import type { Action } from '../vendors/contract.ts';

/** Jobs to act on, each lent to one operation at a time, so that every vendor request about it belongs to that operation. */
export interface JobPool {
  /** A job that allows the action, or null if all are lent. */
  lend(system: SystemName, action: Action): string | null;
  giveBack(id: string): void;
  /** How often an action on the job has reached its vendor since it was lent. */
  countSends(id: string): number;
  /** Whether an action on the job has truly been carried out since it was lent. */
  isDone(id: string, action: Action): boolean;
  /** Jobs on which no authorized caller performs an action. */
  forbidden: Record<SystemName, string[]>;
}

const longAgoMs = Date.now() - 3_600_000;
const size = 60;

/** `onStraySend`: an action has reached a vendor about a job that is not lent. */
export function createJobPool(sandboxes: Sandboxes, onStraySend: (id: string, isForbidden: boolean) => void): JobPool {
  const { kinetica, kylin, aodocs, 'veeva-vault': vault } = sandboxes;
  const add: Record<SystemName, () => string | number> = {
    kinetica: () => kinetica.state.addJob(),
    'veeva-vault': () => vault.state.addJob({ frozen: true }),
    kylin: () => kylin.state.addJob({ state: 'RUNNING', createTime: longAgoMs, startTime: longAgoMs, runMs: 36_000_000 }),
    aodocs: () => aodocs.state.addJob(),
  };
  const addMany = (system: SystemName, count: number) => Array.from({ length: count }, () => `${system}:${add[system]()}`);
  const forbidden = ofEach((system) => addMany(system, 5));
  const free = ofEach((system) => addMany(system, size));
  const sends = new Map<string, number>();
  for (const system of systemNames) {
    const { requests } = sandboxes[system];
    const log = requests.add;
    const ours = new Set(free[system]);
    requests.add = (request) => {
      log(request);
      // Without a session Vault rejects every request, and Jobyard may send it once more.
      if (system === 'veeva-vault' && vault.state.sessions.count() === 0) return;
      for (const id of namedJobs(system, request)) {
        const count = sends.get(id);
        if (count !== undefined) sends.set(id, count + 1);
        else if (ours.has(id) || forbidden[system].includes(id)) onStraySend(id, !ours.has(id));
      }
    };
  }

  /** Back to a state in which the action is possible. */
  const renew = (system: SystemName, vendorId: string, action: Action): void => {
    switch (system) {
      case 'kinetica':
        kinetica.state.changeJob(vendorId, { status: 'RUNNING' });
        break;
      case 'veeva-vault':
        vault.state.changeJob(Number(vendorId), { status: action === 'start' ? 'SCHEDULED' : 'QUEUED' });
        break;
      case 'kylin':
        kylin.state.changeJob(vendorId, { state: action === 'resume' ? 'PAUSED' : 'RUNNING', createTime: longAgoMs, ranMs: 0 });
        break;
      case 'aodocs':
        aodocs.state.changeJob(vendorId, { status: 'IN_PROGRESS' });
    }
  };

  return {
    lend(system, action) {
      // The one that has rested longest: what may still be on its way to another has time to arrive.
      const id = free[system].shift();
      if (id === undefined) return null;
      renew(system, id.slice(system.length + 1), action);
      sends.set(id, 0);
      return id;
    },
    giveBack(id) {
      sends.delete(id);
      const system = systemNames.find((name) => id.startsWith(`${name}:`));
      if (system) free[system].push(id);
    },
    countSends: (id) => sends.get(id) ?? 0,
    isDone(id, action) {
      if (action !== 'restart') return isCarriedOut(sandboxes, id, action);
      return trueStatus(sandboxes, id) !== undefined && (kylin.state.getJob(id.slice('kylin:'.length))?.createTime ?? 0) > longAgoMs;
    },
    forbidden,
  };
}

function ofEach<Value>(make: (system: SystemName) => Value): Record<SystemName, Value> {
  return { kinetica: make('kinetica'), 'veeva-vault': make('veeva-vault'), kylin: make('kylin'), aodocs: make('aodocs') };
}
