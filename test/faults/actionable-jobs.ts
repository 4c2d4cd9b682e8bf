import type { Sandboxes, SystemName } from '../start.ts';
import type { Action } from './matrix.ts';

/** Part of the path of the requests for this action, and of no other requests. */
export function actionPath(system: SystemName, action: Action): string {
  const paths = { kinetica: '/admin/alter/jobs', kylin: '/jobs/status', aodocs: '/cancel' };
  if (system === 'veeva-vault') return action === 'start' ? '/start_now/' : '/actions/cancel';
  return paths[system];
}

const longAgoMs = Date.now() - 3_600_000;

/** Adds a job that allows the action and doesn't change by itself, and returns its vendor ID. `elsewhere`: in another Kylin project. */
export function addActionableJob(sandboxes: Sandboxes, system: SystemName, action: Action, elsewhere = false): string {
  const { kinetica, kylin, aodocs, 'veeva-vault': vault } = sandboxes;
  switch (system) {
    case 'kinetica':
      return kinetica.state.addJob();
    case 'veeva-vault':
      return String(vault.state.addJob({ status: action === 'start' ? 'SCHEDULED' : 'QUEUED', frozen: true }));
    case 'kylin':
      return kylin.state.addJob({
        state: action === 'resume' ? 'PAUSED' : 'RUNNING',
        project: elsewhere ? 'finance' : 'retail',
        createTime: longAgoMs,
        startTime: longAgoMs + 1000,
        runMs: 7_200_000,
      });
    case 'aodocs':
      return aodocs.state.addJob();
  }
}

export function removeJob({ kinetica, kylin, aodocs, 'veeva-vault': vault }: Sandboxes, system: SystemName, vendorId: string): void {
  if (system === 'veeva-vault') vault.state.removeJob(Number(vendorId));
  else if (system === 'kinetica') kinetica.state.removeJob(vendorId);
  else if (system === 'kylin') kylin.state.removeJob(vendorId);
  else aodocs.state.removeJob(vendorId);
}

/** The vendor's current status of the job; undefined if the job doesn't exist. */
export function trueStatus(sandboxes: Sandboxes, id: string): string | undefined {
  const cut = id.indexOf(':');
  const vendorId = id.slice(cut + 1);
  switch (id.slice(0, cut)) {
    case 'kinetica':
      return sandboxes.kinetica.state.job(vendorId)?.status;
    case 'veeva-vault':
      return sandboxes['veeva-vault'].state.job(Number(vendorId))?.status;
    case 'kylin':
      return sandboxes.kylin.state.getJob(vendorId)?.state;
    default:
      return sandboxes.aodocs.state.job(vendorId)?.status;
  }
}

/** Whether the action on a job from `addActionableJob` was performed, according to the vendor's state. */
export function isCarriedOut(sandboxes: Sandboxes, id: string, action: Action): boolean {
  const status = trueStatus(sandboxes, id) ?? '';
  switch (action) {
    case 'cancel':
      return ['CANCELLED', 'CANCELLING', 'DISCARDED'].includes(status);
    case 'pause':
      return status === 'PAUSED';
    case 'resume':
      return status !== 'PAUSED';
    case 'restart':
      return (sandboxes.kylin.state.getJob(id.slice('kylin:'.length))?.createTime ?? 0) > longAgoMs;
    case 'start':
      return status !== 'SCHEDULED';
  }
}
