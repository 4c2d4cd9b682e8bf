import { z } from 'zod';
import type { LogLine, LogSeverity } from '../../../jobs/job-log.ts';
import { isNumber, isText, optionalField } from '../../../transport/optional-field.ts';
import { toDate } from './map.ts';

const text = optionalField(isText);

const frameSchema = z.object({ filename: text, lineno: optionalField(isNumber), name: text });
const errorSchema = z.object({
  exc_type: text,
  exc_value: text,
  is_cause: z.unknown(),
  frames: z.array(frameSchema).nullish().catch(null),
});

/** An entry of a log. `error_detail`: an exception, and those that it was raised from. */
const entrySchema = z.object({
  event: text,
  timestamp: text,
  level: text,
  logger: text,
  error_detail: z.array(errorSchema).nullish().catch(null),
});

const severities: ReadonlyMap<string, LogSeverity> = new Map([
  ['debug', 'DEBUG'],
  ['info', 'INFO'],
  ['warn', 'WARNING'],
  ['warning', 'WARNING'],
  ['error', 'ERROR'],
  ['exception', 'ERROR'],
  ['critical', 'ERROR'],
  ['fatal', 'ERROR'],
]);

/** What Airflow's web interface folds entries by. */
const groupMark = /^::(?:end)?group::/;

/** The line of an entry, with the stack trace of its exception. Null: not an entry, or the mark of a group. */
export function toLine(entry: unknown, stepId: string): LogLine | null {
  // The format of logs that were written by Airflow 2.
  if (isText(entry)) return { loggedAt: null, severity: null, message: entry, source: null, stepId };
  const read = entrySchema.safeParse(entry).data;
  if (!read) return null;
  const { event, timestamp, level, logger, error_detail: errors } = read;
  if (groupMark.test(event ?? '')) return null;
  return {
    loggedAt: toDate(timestamp),
    severity: severities.get(level?.toLowerCase() ?? '') ?? null,
    message: [event ?? '', ...(errors ?? []).map(toStackTrace)].join('\n'),
    source: logger || null,
    stepId,
  };
}

/** As Python writes it. */
function toStackTrace({ exc_type: type, exc_value: value, frames }: z.infer<typeof errorSchema>): string {
  const places = (frames ?? []).map(
    ({ filename, lineno, name }) => `  File "${filename ?? '?'}", line ${lineno ?? '?'}, in ${name ?? '?'}`,
  );
  const title = places.length > 0 ? ['Traceback (most recent call last):'] : [];
  return [...title, ...places, [type, value].filter(Boolean).join(': ')].join('\n');
}

const firstOfSources = '::group::Log message source details';

/** Without the entries about the files that Airflow read, which come first, and only in a response without a token. */
export function withoutSources(content: readonly unknown[]): readonly unknown[] {
  if (eventOf(content[0]) !== firstOfSources) return content;
  return content.slice(content.findIndex((entry) => eventOf(entry) === '::endgroup::') + 1);
}

function eventOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'event' in entry ? entry.event : null;
}
