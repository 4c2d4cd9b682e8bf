import { z } from 'zod';
import { isNumber, isText, optionalField } from '../../../transport/optional-field.ts';

/*
 * The responses of Airflow 3, in its own names: only the fields that the adapter uses. Absent and null mean the same.
 * Source: the OpenAPI description of Airflow's public API v2, 3.0 to 3.3.
 */

const text = optionalField(isText);
const number = optionalField(isNumber);
const count = optionalField((value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);

/** A run, unchecked: a list has a hundred of them. See map.ts. */
export type RunRow = Readonly<Record<string, unknown>>;
export const runSchema = z.record(z.string(), z.unknown());

/** GET /dags/{dag}/dagRuns and POST /dags/~/dagRuns/list. `total_entries`: of all pages. */
export const runListSchema = z.object({ dag_runs: z.array(z.unknown()), total_entries: count });
export type RunList = z.infer<typeof runListSchema>;

/** GET /dags. */
export const dagListSchema = z.object({ dags: z.array(z.unknown()) });

/** GET …/taskInstances. */
export const taskListSchema = z.object({ task_instances: z.array(z.unknown()), total_entries: count });
export type TaskList = z.infer<typeof taskListSchema>;

/** A task of a run. Its `id` is another one with every try. */
export const taskSchema = z.object({
  task_id: z.string().min(1),
  /** -1: not mapped, or not yet expanded. */
  map_index: optionalField((value): value is number => Number.isSafeInteger(value)),
  task_display_name: text,
  /** Null: not yet scheduled. */
  state: text,
  try_number: count,
  max_tries: count,
  start_date: text,
  end_date: text,
  duration: number,
  /** When it was given to a worker. */
  queued_when: text,
});
export type Task = z.infer<typeof taskSchema>;

/** GET …/taskInstances/{task}/logs/{try}. `continuation_token`: null at the end. */
export const logSchema = z.object({ content: z.array(z.unknown()), continuation_token: text });
export type Log = z.infer<typeof logSchema>;

/** An entry of a log. `error_detail`: the exception, and what it was raised from. */
export const logEntrySchema = z.object({
  error_detail: z.array(z.object({ exc_type: text, exc_value: text })).min(1),
});

/** GET /dags/{dag}. */
export const dagSchema = z.object({
  tags: z
    .array(z.object({ name: z.string() }).nullable().catch(null))
    .nullish()
    .transform(keepObjects),
});
export type Dag = z.infer<typeof dagSchema>;

function keepObjects<Value>(values: readonly (Value | null)[] | null | undefined): Value[] {
  return (values ?? []).flatMap((value) => value ?? []);
}

/** GET …/taskInstances/~/xcomEntries, which has no values. */
export const xcomListSchema = z.object({ xcom_entries: z.array(z.unknown()) });
export type XcomList = z.infer<typeof xcomListSchema>;

export const xcomEntrySchema = z.object({ key: z.string(), task_id: z.string().min(1), map_index: taskSchema.shape.map_index });
export type XcomEntry = z.infer<typeof xcomEntrySchema>;

/** GET …/taskInstances/{task}/xcomEntries/{key}. */
export const xcomSchema = z.object({ value: z.unknown() });
export type Xcom = z.infer<typeof xcomSchema>;

/** POST /auth/token. */
export const loginSchema = z.object({ access_token: z.string().min(1) });

/** An error. `detail`: text, an object, or a list of what is wrong with the request; `error`: there is no such path. */
export const errorSchema = z.object({ detail: z.unknown().optional(), error: text });
export type ErrorBody = z.infer<typeof errorSchema>;

/** `detail` of a rejected request. `input`, which may repeat secrets, is left out. */
export const invalidFieldsSchema = z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])).catch([]), msg: text })).min(1);

/** `detail` of a violated constraint of the database. */
export const constraintSchema = z.object({ reason: z.string() });
