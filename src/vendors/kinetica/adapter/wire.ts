import { z } from 'zod';
import { isText, optionalField } from '../../../transport/optional-field.ts';

/*
 * Kinetica's responses, in its own names: only the fields that the adapter uses. Absent and null mean the same.
 * Source: the record schemas published in Kinetica's API clients (gpudb.py), versions 6.2 to 7.2.
 */

/** Whether this is a job ID as Jobyard writes it: a 64-bit integer without leading zeros. */
export function isJobId(text: string): boolean {
  return /^(0|-?[1-9][0-9]{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** A 64-bit ID after `parseJson`: a number if a number is exact, else its digits. */
export function isWireId(value: unknown): value is number | string {
  return typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && isJobId(value);
}

/** A column with one element per job. An element of the wrong type affects only its own job: see `toListRows`. */
const column = z.custom<readonly unknown[]>(Array.isArray).nullish();

/** The wrapper of every response. `status` decides, not the HTTP status. */
export const wrapperSchema = z.object({
  status: z.enum(['OK', 'ERROR']),
  message: z.string().nullish(),
  /** JSON as text; the manual also allows the object itself. Empty with ERROR. */
  data_str: z.unknown().optional(),
});

/** /admin/show/jobs: parallel arrays with one element per job. Servers before 7.2 lack some of them. */
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
  // Any job may be the one that lacks a status, so no status of the response can be trusted.
  .refine((list) => list.status.length >= list.job_id.length, 'Fewer statuses than jobs');
export type ShowJobs = z.infer<typeof showJobsSchema>;

/** /admin/alter/jobs: `status` is the outcome for the job at the same place of `job_ids`. */
export const alterJobsSchema = z
  .object({
    job_ids: z.custom<readonly unknown[]>(Array.isArray),
    status: z.custom<readonly unknown[]>(Array.isArray),
    /** Its keys are not documented; its texts are for people. */
    info: z.record(z.string(), z.unknown()).nullish().catch(null),
  })
  .refine((answer) => answer.status.length === answer.job_ids.length, 'Not one status per job');
export type AlterJobs = z.infer<typeof alterJobsSchema>;

/** /get/job, without `job_response` and `job_response_str`, which can be megabytes. */
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

/** /show/system/status: each value is JSON as text. */
export const systemStatusSchema = z.object({
  status_map: z.object({ system: z.string().nullish(), ha_status: z.string().nullish() }).nullish(),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;
export const systemPartSchema = z.object({ status: z.string() });
export const highAvailabilityPartSchema = z.object({ drained: z.string() });
