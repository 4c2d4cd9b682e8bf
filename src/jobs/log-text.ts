import { stripVTControlCharacters } from 'node:util';
import type { LogLine } from './job-log.ts';
import { toBoundedText } from './storable-text.ts';
import { maxName, toInstant } from './vendor-facts.ts';

/** The maximum length of a line's message, in UTF-16 units. */
export const maxLogMessage = 10_000;
/** Longer messages are truncated before they are examined. */
const maxExamined = 100_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches them.
const controlCharacters = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

/**
 * The text without what would change a terminal: ANSI sequences are removed, line ends become line feeds, and other control characters except tabs
 * become U+FFFD.
 */
export function toPlainText(text: string): string {
  // Nearly always unchanged, and a test costs less than a copy.
  if (!controlCharacters.test(text) && text.length <= maxExamined) return text;
  const plain = stripVTControlCharacters(toBoundedText(text, maxExamined)).replace(/\r\n?/g, '\n');
  return plain.replace(new RegExp(controlCharacters, 'g'), '\uFFFD');
}

/** A line as callers get it. */
export type ShownLogLine = LogLine & { truncated: boolean };

/** The line with texts of bounded length. */
export function toShownLine({ loggedAt, severity, message, source, stepId }: LogLine): ShownLogLine {
  const plain = toPlainText(message).replace(/\n+$/, '');
  return {
    loggedAt: toInstant(loggedAt),
    severity,
    message: toBoundedText(plain, maxLogMessage),
    truncated: plain.length > maxLogMessage,
    source: source === null ? null : toBoundedText(toPlainText(source), maxName),
    stepId: stepId === null ? null : toBoundedText(stepId, maxName),
  };
}
