import { z } from 'zod';
import { isNumber, isNumberOrText, isText, optionalField } from '../../../transport/optional-field.ts';

/*
 * The responses of Kylin 5, in its own names: only the fields that the adapter uses. Absent and null mean the same.
 * Source: Kylin's REST manual (Job API) and the response classes of its server (ExecutableResponse, ExecutableStepResponse).
 */

const text = optionalField(isText);
const number = optionalField(isNumber);
const count = optionalField((value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);
const flag = optionalField((value) => typeof value === 'boolean');
/** 64-bit: a full build's range ends at 9223372036854775807. */
const long = optionalField(isNumberOrText);

/** The envelope of every response. The reason of an error is in `error_code`, which older servers lack, or in `msg`. */
export const envelopeSchema = z.object({
  code: z.enum(['000', '999']),
  data: z.unknown().optional(),
  msg: text,
  error_code: text,
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** The fields of a job that `raw` shows. Times are epoch milliseconds, 0: not yet. Durations are milliseconds. */
export const jobSchema = z.object({
  id: z.union([z.string(), z.int().transform(String)]),
  job_status: text,
  /** Distinguishes SUICIDAL (ended by Kylin itself) from DISCARDED. Absent before 5.0. */
  scheduler_state: text,
  job_name: text,
  project: text,
  submitter: text,
  create_time: number,
  exec_start_time: number,
  exec_end_time: number,
  duration: number,
  wait_time: number,
  total_duration: number,
  last_modified: number,
  /** 0 to 1. The field `progress` is always 0 in lists. */
  step_ratio: number,
  target_model: text,
  target_subject: text,
  target_subject_error: flag,
  target_segments: optionalField((value): value is string[] => Array.isArray(value) && value.every(isText)),
  data_range_start: long,
  data_range_end: long,
  snapshot_data_range: text,
  job_scheduler_mode: text,
  discard_safety: flag,
  /** Any JSON that the submitter attached. */
  tag: z.unknown().optional(),
});

/** An unchecked row of the list: zod needs more time for its 22 fields than all other work on a row. */
export type KylinRow = Readonly<Record<string, unknown>>;

/** GET /jobs. `offset` (a page number) and `limit`: what was applied, which a gateway may have changed. */
export const jobListSchema = z.object({ value: z.array(z.unknown()), total_size: count, offset: count, limit: count });
export type JobList = z.infer<typeof jobListSchema>;

export const stepSchema = z.object({
  id: z.union([z.string().min(1), z.int().transform(String)]),
  name: text,
  step_status: text,
  exec_start_time: number,
  exec_end_time: number,
  duration: number,
  wait_time: number,
  /** Information of the step's tasks, including links to YARN and to Spark's history. */
  info: optionalField((value): value is Record<string, unknown> => typeof value === 'object' && value !== null),
  failed_msg: text,
  failed_reason: text,
  /** Kylin's code of the reason, with its title behind it. */
  failed_code: text,
  /** What Kylin advises. */
  failed_resolve: text,
  /** The step, or one of its stages. */
  failed_step_id: text,
  /** The stages, of the same form; stages have none. */
  sub_stages: optionalField((value): value is unknown[] => Array.isArray(value)),
});
export type KylinStep = z.infer<typeof stepSchema>;

/** GET /jobs/{id}/detail. Null if Kylin was unable to read its own record of the job. */
export const stepListSchema = z.array(z.unknown()).nullish();
export type StepList = z.infer<typeof stepListSchema>;

/** GET /jobs/{id}/steps/{step}/output. */
export const stepOutputSchema = z.object({ cmd_output: text });
export type StepOutput = z.infer<typeof stepOutputSchema>;

/** GET /projects. */
export const projectListSchema = z.object({ value: z.array(z.unknown()), total_size: number });
export type ProjectList = z.infer<typeof projectListSchema>;

/** `permission`: what the account has there; older servers leave it out. */
export const projectSchema = z.object({ name: z.string().min(1), permission: text });
