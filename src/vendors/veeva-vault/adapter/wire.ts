import { z } from 'zod';
import { isNumber, isNumberOrText, isText, optionalField } from '../../../transport/optional-field.ts';

/**
 * Vault's responses, from its API Reference (25.2 to 26.2) and its Java library VAPIL: only the fields that the adapter uses.
 * Absent and null mean the same. An unusable value of an optional field counts as absent. The schemas don't check rows, so that
 * an odd one does not affect a page of 200 (see `toListRow`).
 */

const text = optionalField(isText);
const number = optionalField(isNumber);
const optionalId = optionalField(isNumberOrText);

const errorSchema = z.object({ type: text, message: text });

/** The envelope of every response. A rejected item of Cancel Job has it too, with one error instead of the list. */
export const envelopeSchema = z.object({
  responseStatus: z.string(),
  errors: z
    .union([z.array(errorSchema), errorSchema.transform((error) => [error])])
    .nullish()
    .catch(null),
  /** Only after a failed login: AUTHENTICATION_FAILED. */
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

/** Unchecked fields of a job: zod needs twice as much time for a row as all other work on it. */
export type VaultFields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is VaultFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Retrieve Job Status: without a title, and only with fields that already have a value. */
export const jobStatusSchema = z.object({ data: z.custom<VaultFields>(isFields) });

const responseDetailsSchema = z.object({ total: number, limit: number, offset: number, next_page: text }).nullish().catch(null);

/** Retrieve Job Monitors and Retrieve Job Histories, with unchecked rows. Without `jobs` the list is empty only if its total is 0. */
export const jobListSchema = z
  .object({ responseDetails: responseDetailsSchema, jobs: z.array(z.unknown()).nullish() })
  .refine(({ responseDetails, jobs }) => jobs != null || responseDetails?.total === 0)
  .transform(({ responseDetails, jobs }) => ({ responseDetails, jobs: jobs ?? [] }));

/** Retrieve SDK Job Tasks. For a job that is not an SDK job, the total is 0. */
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
