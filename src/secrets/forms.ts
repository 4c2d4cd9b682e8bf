import { toStorableText } from '../jobs/storable-text.ts';

/** One way to write a secret. */
export interface Form {
  text: string;
  /** Base64 of a longer text may contain the secret: adjacent characters of the alphabet are considered part of it. */
  isBase64: boolean;
}

/** Shorter secrets are found as whole words only: within words, they would be everywhere. */
export const minFormLength = 4;
/** The minimum number of bytes whose middle characters in a Base64 text are significant. */
const minEmbeddedBytes = 6;
/** Shorter lines of a multi-line secret aren't secrets themselves. */
const minLineLength = 8;

/**
 * Every form in which a vendor may return the secret after escapes are decoded (see decodings.ts): unchanged, with spaces collapsed or as
 * `+`, in Base64 and base64url, alone or within a longer text, and in hexadecimal digits. Forms omit padding.
 */
export function formsOf(secret: string): Form[] {
  const forms = new Map<string, Form>();
  for (const part of partsOf(secret)) {
    for (const text of [...plainForms(part), ...hexForms(part)]) forms.set(text, { text, isBase64: false });
    for (const written of new Set([part, ...escapedForms(part)])) {
      for (const text of base64Forms(written)) if (!forms.has(text)) forms.set(text, { text, isBase64: true });
    }
  }
  return [...forms.values()].filter(({ text }) => text.length >= minFormLength);
}

/** The secret without surrounding white space, which vendors trim, and each of its lines, as messages show single lines. */
export function partsOf(secret: string): string[] {
  const whole = secret.trim() || secret;
  const lines = whole.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length === 1 ? [whole] : [whole, ...lines.filter((line) => line.length >= minLineLength)];
}

function plainForms(part: string): string[] {
  const spellings = new Set([part, part.normalize('NFC'), part.normalize('NFD')]);
  // As shown by a server that reads UTF-8 as Latin-1.
  spellings.add(Buffer.from(part, 'utf8').toString('latin1'));
  // As messages put it on one line, and as forms are sent.
  return [...spellings].flatMap((text) => [
    text,
    toStorableText(text),
    text.replace(/\s+/g, ' '),
    text.replace(/[\s\p{Cc}]+/gu, ' '),
    text.replaceAll(' ', '+'),
  ]);
}

function hexForms(part: string): string[] {
  const hex = Buffer.from(part, 'utf8').toString('hex');
  return hex.length < 2 * minFormLength ? [] : [hex, hex.toUpperCase()];
}

/** As escaped in JSON and requests before the whole is encoded as Base64. */
function escapedForms(part: string): string[] {
  const wellFormed = part.toWellFormed();
  return [
    JSON.stringify(wellFormed).slice(1, -1),
    encodeURIComponent(wellFormed),
    new URLSearchParams([['', wellFormed]]).toString().slice(1),
  ];
}

function base64Forms(part: string): string[] {
  const bytes = Buffer.from(part, 'utf8');
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const texts = bytes.length < minEmbeddedBytes ? [whole] : [whole, ...[0, 1, 2].map((offset) => embedded(bytes, offset))];
  return texts.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The characters that depend only on the bytes, if this many bytes precede them in their group of three. */
function embedded(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const bits = 8 * (offset + bytes.length);
  return text.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
}
