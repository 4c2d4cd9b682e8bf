import { z } from 'zod';
import type { Account } from './accounts.ts';
import type { EndpointResult } from './envelope.ts';
import { findJob, isInt32, long } from './lookup.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';

export const alterJobsRequest = z.object({
  job_ids: z.array(long),
  action: z.string(),
  options: z.record(z.string(), z.string()),
});

type Verdict = 'accepted' | 'rejected' | 'unknown';

/**
 * POST /admin/alter/jobs: `cancel` is the only action. OK means that the request was processed;
 * what became of each job is in `status`, which runs parallel to `job_ids`.
 */
export function alterJobs(
  state: KineticaState,
  switches: KineticaSwitches,
  { job_ids: ids, action, options }: z.output<typeof alterJobsRequest>,
  account: Account,
): EndpointResult {
  const { cancelAnswers: profile, cancelNote: note, version } = switches;
  if (action !== 'cancel') return { rejected: `Invalid action: ${action}; valid choices are: cancel (S/SJm:214)` };
  if (ids.length === 0 && switches.emptyCancel === 'rejected') return { rejected: 'job_ids must not be empty (S/SJm:207)' };
  const wide = version === '6.2' ? ids.find((id) => !isInt32(id)) : undefined;
  if (wide !== undefined) return { rejected: `Job id ${wide} is out of range (S/SJm:180)` };
  const tag = options.job_tag ?? '';
  if (tag !== '' && ids.length > 1) return { rejected: 'job_tag needs exactly one job id (S/SJm:231)' };

  const found = ids.map((id) => findJob(state, switches, id, tag));
  const stranger = found.indexOf(undefined);
  if (profile === 'reject' && stranger >= 0) return { rejected: `Job ${ids[stranger]} not found (S/SJm:188)` };

  const outcomes = ids.map((id, index) => {
    const job = found[index];
    const verdict = !job ? 'unknown' : mayCancel(job.authId, account) && state.cancelJob(job.id) ? 'accepted' : 'rejected';
    return { id, verdict } as const;
  });
  const reported = profile === 'omit' ? outcomes.filter(({ verdict }) => verdict !== 'unknown') : outcomes;
  if (profile === 'reorder') reported.reverse();
  return {
    data: {
      job_ids: reported.map(({ id }) => id),
      action,
      status: reported.map(({ id, verdict }) => describeVerdict(id, verdict, profile)),
      ...(version >= '7.0' && { info: note === '' ? {} : { note } }),
    },
  };
}

// Only administrators, and users who can access their own jobs, reach this.
function mayCancel(owner: string, account: Account): boolean {
  return account.administrator || owner === account.username;
}

function describeVerdict(id: bigint, verdict: Verdict, profile: KineticaSwitches['cancelAnswers']): string {
  if (profile === 'enum') return enumWords[verdict];
  return profile === 'prose' ? proseWords[verdict] : terseText(id, verdict);
}

const proseWords: Record<Verdict, string> = {
  accepted: 'Cancellation notified',
  rejected: 'Request taken; this state leaves it without effect',
  unknown: 'Insufficient information about this job',
};

const enumWords: Record<Verdict, string> = { accepted: 'cancelled', rejected: 'not_cancellable', unknown: 'not_found' };

function terseText(id: bigint, verdict: Verdict): string {
  if (verdict === 'accepted') return 'OK';
  return verdict === 'unknown' ? `Job ${id} not found` : `Job ${id} cannot be cancelled`;
}
