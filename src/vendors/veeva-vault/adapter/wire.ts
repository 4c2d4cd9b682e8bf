import { z } from 'zod';
import { isNumber, isNumberOrText, isText, optionalField } from '../../../transport/optional-field.ts';

/**
 * Veeva's answers, as its Vault API Reference (25.2 to 26.2) and its Java library VAPIL have them; only the fields that are used.
 * Absent and null mean the same. An unusable value of a field that Jobyard can do without counts as absent. Rows are not
 * looked at here, so that an odd one does not cost a page of 200 (see `toListRow`).
 */

const text = optionalField(isText);
const number = optionalField(isNumber);
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

/** A job as it came, with nothing sure about it: zod takes twice as long over a row as all else that is done with it. */
export type VaultFields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is VaultFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Retrieve Job Status: no title, and only what is already so. */
export const jobStatusSchema = z.object({ data: z.custom<VaultFields>(isFields) });

const responseDetailsSchema = z.object({ total: number, limit: number, offset: number, next_page: text }).nullish().catch(null);

/** Retrieve Job Monitors and Retrieve Job Histories, their rows as they came. Without `jobs` it is an empty list only where it counts none. */
export const jobListSchema = z
  .object({ responseDetails: responseDetailsSchema, jobs: z.array(z.unknown()).nullish() })
  .refine(({ responseDetails, jobs }) => jobs != null || responseDetails?.total === 0)
  .transform(({ responseDetails, jobs }) => ({ responseDetails, jobs: jobs ?? [] }));

/** Retrieve SDK Job Tasks. A job that is not an SDK job counts none. */
export const taskListSchema = z
  .object({ responseDetails: responseDetailsSchema, tasks: z.array(z.unknown()).nullish() })
  .refine(({ responseDetails, tasks }) => tasks != null || responseDetails?.total === 0)
  .transform(({ responseDetails, tasks }) => ({ responseDetails, tasks: tasks ?? [] }));

/** `POST /query` and its further pages. */
export const querySchema = z.object({ responseDetails: responseDetailsSchema, data: z.array(z.unknown()) });

/** Start Job */
export const startSchema = z.object({ job_id: optionalId });

/** Cancel Job: one item per job of the request, in its order. */
const cancelItemSchema = envelopeSchema.extend({ data: z.object({ id: optionalId }).nullish().catch(null) });
export type CancelItem = z.infer<typeof cancelItemSchema>;
export const cancelSchema = z.object({ data: z.array(cancelItemSchema) });
