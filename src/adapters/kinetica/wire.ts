import { z } from 'zod';

/*
 * What Kinetica answers, in its own names: only the fields that are used, absent and null alike.
 * Source: the record schemas published in Kinetica's API clients (gpudb.py), versions 6.2 to 7.2.
 */

/** Whether this is a job id as Jobyard spells it: an int64 without leading zeros. */
export function isJobId(text: string): boolean {
  return /^(0|-?[1-9][0-9]{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** A 64-bit id after `parseJson`: a number where a number holds it exactly, else its digits. */
const jobId = z.custom<number | string>((value) =>
  typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && isJobId(value),
);

/** A column that says something of each job; what is no text tells nothing and spoils nothing. */
const texts = z.array(z.string().nullable().catch(null)).nullish();

/** What every endpoint wraps its answer in. `status` decides, not the HTTP code. */
export const wrapperSchema = z.object({
  status: z.enum(['OK', 'ERROR']),
  message: z.string().nullish(),
  /** JSON once more, as text; the manual also allows the object itself. Empty with ERROR. */
  data_str: z.unknown().optional(),
});

/** /admin/show/jobs: parallel arrays, one index a job. Servers before 7.2 lack some of them. */
export const showJobsSchema = z
  .object({
    job_id: z.array(jobId),
    status: z.array(z.string().nullable()),
    endpoint_name: texts,
    /** Epoch milliseconds; what is no number tells nothing either. */
    time_received: z.array(z.number().nullable().catch(null)).nullish(),
    auth_id: texts,
    source_ip: texts,
    query_text: texts,
    user_data: texts,
    flags: texts,
  })
  .refine((list) => list.status.length >= list.job_id.length, 'Fewer statuses than jobs');
export type ShowJobs = z.infer<typeof showJobsSchema>;

/** /admin/alter/jobs: `status` is the outcome for the job at the same place of `job_ids`. */
export const alterJobsSchema = z
  .object({ job_ids: z.array(jobId), status: z.array(z.string()) })
  .refine((answer) => answer.status.length === answer.job_ids.length, 'Not one status per job');
export type AlterJobs = z.infer<typeof alterJobsSchema>;

/** /get/job. Its `job_response` and `job_response_str` can be megabytes and are left behind here. */
export const getJobSchema = z.object({
  job_status: z.string().nullish(),
  /** Approximate percent. */
  progress: z.number().nullish(),
  /** `error_message` only with ERROR. */
  status_map: z
    .object({ error_message: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type GetJob = z.infer<typeof getJobSchema>;

/** /show/system/status: each value is JSON once more. */
export const systemStatusSchema = z.object({
  status_map: z.object({ system: z.string().nullish(), ha_status: z.string().nullish() }).nullish(),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;
export const systemPartSchema = z.object({ status: z.string() });
export const highAvailabilityPartSchema = z.object({ drained: z.string() });
