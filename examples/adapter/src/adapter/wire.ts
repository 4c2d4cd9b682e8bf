import { isNumber, isText, optionalField } from 'jobyard/adapter';
import { z } from 'zod';

/** A run as Nightrun returns it. Only `id` must be there: a run without the other fields is still shown. */
export const runSchema = z.object({
  id: z.string(),
  state: optionalField(isText).optional(),
  title: optionalField(isText).optional(),
  queue: optionalField(isText).optional(),
  user: optionalField(isText).optional(),
  createdAt: optionalField(isText).optional(),
  startedAt: optionalField(isText).optional(),
  endedAt: optionalField(isText).optional(),
  /** 0 to 100. */
  percent: optionalField(isNumber).optional(),
  error: optionalField(isText).optional(),
});
export type Run = z.output<typeof runSchema>;

/** Rows are checked one by one: an invalid one must not cost the others. */
export const runListSchema = z.object({ runs: z.array(z.unknown()), total: z.int().nonnegative() });
export type RunList = z.output<typeof runListSchema>;

/** An entry of a run's log. Only `text` must be there. */
const logEntrySchema = z.object({ text: z.string(), at: optionalField(isText).optional(), level: optionalField(isText).optional() });
export type LogEntry = z.output<typeof logEntrySchema>;

/** `total`: of the whole log. Anything that is not an entry counts as null. */
export const logEntriesSchema = z.object({ entries: z.array(logEntrySchema.nullable().catch(null)), total: z.int().nonnegative() });
export type LogEntries = z.output<typeof logEntriesSchema>;

export const statusSchema = z.object({ ok: z.literal(true) });

/** The body of each response outside of 200 to 299. */
export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
