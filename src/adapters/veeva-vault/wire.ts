import { z } from 'zod';
import { isNumber, isNumberOrText, isText, optionalField } from '../optional-field.ts';

/**
 * Veeva's answers, as its Vault API Reference (25.2 to 26.2) and its Java library VAPIL have them; only the fields that are used.
 * Absent and null mean the same. An unusable value of a field that Jobyard can do without counts as absent, so that one odd row
 * does not cost a page of 200.
 */

const text = optionalField(isText);
const number = optionalField(isNumber);
/** A string where the number is too long for JavaScript. */
const id = z.union([z.number(), z.string()]);
const optionalId = optionalField(isNumberOrText);

const errorSchema = z.object({ type: text, message: text });

/** What every answer has. A refused item of Cancel Job has it too, with one error in the place of the list. */
export const envelopeSchema = z.object({
  responseStatus: z.string(),
  errors: z
    .union([z.array(errorSchema), errorSchema.transform((error) => [error])])
    .nullish()
    .catch(null),
  /** Only of a failed login: AUTHENTICATION_FAILED. */
  errorType: text,
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** `POST /auth` */
export const loginSchema = z.object({
  sessionId: z.string().min(1),
  vaultId: optionalId,
  vaultIds: z
    .array(z.object({ id: optionalId, url: text }))
    .nullish()
    .catch(null),
});
export type Login = z.infer<typeof loginSchema>;

/** A job as it came, of which only the named fields are sure: zod takes twice as long over a row as all else that is done with it. */
type JobWith<Key extends string> = Record<Key, number | string> & { status: string } & Record<string, unknown>;

function jobWith<Key extends string>(idKey: Key) {
  return z.custom<JobWith<Key>>((value) => {
    if (typeof value !== 'object' || value === null) return false;
    const job = value as Record<string, unknown>;
    return isNumberOrText(job[idKey]) && isText(job.status);
  });
}

/** Retrieve Job Status: no title, and only what is already so. */
const statusSchema = jobWith('id');
export type VaultJobStatus = z.infer<typeof statusSchema>;
export const jobStatusSchema = z.object({ data: statusSchema });

/** A row of monitors or histories. */
const rowSchema = jobWith('job_id');
export type VaultJobRow = z.infer<typeof rowSchema>;

const responseDetailsSchema = z.object({ total: number, limit: number, offset: number, next_page: text }).nullish().catch(null);

/** Retrieve Job Monitors and Retrieve Job Histories. Without `jobs` it is an empty list only where it counts none. */
export const jobListSchema = z
  .object({ responseDetails: responseDetailsSchema, jobs: z.array(rowSchema).nullish() })
  .refine(({ responseDetails, jobs }) => jobs != null || responseDetails?.total === 0)
  .transform(({ responseDetails, jobs }) => ({ responseDetails, jobs: jobs ?? [] }));

/** The key is `state` in the reference, `status` in VAPIL. */
const taskSchema = z.object({ id, state: text, status: text });
export type VaultTask = z.infer<typeof taskSchema>;

/** Retrieve SDK Job Tasks. A job that is not an SDK job counts none. */
export const taskListSchema = z
  .object({ responseDetails: responseDetailsSchema, tasks: z.array(taskSchema).nullish() })
  .refine(({ responseDetails, tasks }) => tasks != null || responseDetails?.total === 0)
  .transform(({ responseDetails, tasks }) => ({ responseDetails, tasks: tasks ?? [] }));

/** Start Job */
export const startSchema = z.object({ job_id: optionalId });

/** Cancel Job: one item per job of the request, in its order. */
const cancelItemSchema = envelopeSchema.extend({ data: z.object({ id: optionalId }).nullish().catch(null) });
export type CancelItem = z.infer<typeof cancelItemSchema>;
export const cancelSchema = z.object({ data: z.array(cancelItemSchema) });
