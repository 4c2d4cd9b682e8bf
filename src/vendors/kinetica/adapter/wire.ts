import { z } from 'zod';
import { isText, optionalField } from '../../../transport/optional-field.ts';

/*
 * What Kinetica answers, in its own names: only the fields that are used, absent and null alike.
 * Source: the record schemas published in Kinetica's API clients (gpudb.py), versions 6.2 to 7.2.
 */

/** Whether this is a job id as Jobyard spells it: an int64 without leading zeros. */
export function isJobId(text: string): boolean {
  return /^(0|-?[1-9][0-9]{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** A 64-bit id after `parseJson`: a number where a number holds it exactly, else its digits. */
export function isWireId(value: unknown): value is number | string {
  return typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && isJobId(value);
}

/** A column that says something of each job. What of it is of another kind tells nothing and spoils nothing: see `toJobs`. */
const column = z.custom<readonly unknown[]>(Array.isArray).nullish();

/** What every endpoint wraps its answer in. `status` decides, not the HTTP code. */
export const wrapperSchema = z.object({
  status: z.enum(['OK', 'ERROR']),
  message: z.string().nullish(),
  /** JSON once more, as text; the manual also allows the object itself. Empty with ERROR. */
  data_str: z.unknown().optional(),
});

/** /admin/show/jobs: parallel arrays, one index a job. Servers before 7.2 lack some of them. Odd elements cost their own job: see `toListRows`. */
export const showJobsSchema = z
  .object({
    job_id: z.custom<readonly unknown[]>(Array.isArray),
    status: z.custom<readonly unknown[]>(Array.isArray),
    endpoint_name: column,
    /** Epoch milliseconds. */
    time_received: column,
    auth_id: column,
    source_ip: column,
    query_text: column,
    user_data: column,
    flags: column,
  })
  // Which job lacks one can't be told, so no status of the answer can be trusted.
  .refine((list) => list.status.length >= list.job_id.length, 'Fewer statuses than jobs');
export type ShowJobs = z.infer<typeof showJobsSchema>;

/** /admin/alter/jobs: `status` is the outcome for the job at the same place of `job_ids`. */
export const alterJobsSchema = z
  .object({
    job_ids: z.custom<readonly unknown[]>(Array.isArray),
    status: z.custom<readonly unknown[]>(Array.isArray),
    /** Its keys are not documented; words in it are for people. */
    info: z.record(z.string(), z.unknown()).nullish().catch(null),
  })
  .refine((answer) => answer.status.length === answer.job_ids.length, 'Not one status per job');
export type AlterJobs = z.infer<typeof alterJobsSchema>;

/** /get/job. Its `job_response` and `job_response_str` can be megabytes and are left behind here. */
export const getJobSchema = z.object({
  endpoint: optionalField(isText),
  job_status: z.string().nullish(),
  running: optionalField((value) => typeof value === 'boolean'),
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
