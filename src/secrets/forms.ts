import { toStorableText } from '../jobs/storable-text.ts';

/** One way in which a secret may be written. */
export interface Form {
  text: string;
  /** Base64 of a longer text may have the secret in it: what belongs to the same run of characters is taken for a part of it. */
  isBase64: boolean;
}

/** Secrets with fewer characters than this are found as whole words only: in the middle of words they would be everywhere. */
export const minFormLength = 4;
/** The fewest bytes of which the characters in the middle of a Base64 text are telling. */
const minEmbeddedBytes = 6;
/** Shorter lines of a secret of several lines aren't secrets of their own. */
const minLineLength = 8;

/**
 * Every form in which the secret may come back once escapes are undone (see decodings.ts): as it is, with its spaces collapsed or as `+`,
 * in Base64 and base64url, alone or anywhere in a longer text, and in hexadecimal digits. Forms leave padding out.
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

/** The secret without the white space around it, which vendors trim; and each of its lines, as messages show one line. */
export function partsOf(secret: string): string[] {
  const whole = secret.trim() || secret;
  const lines = whole.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length === 1 ? [whole] : [whole, ...lines.filter((line) => line.length >= minLineLength)];
}

function plainForms(part: string): string[] {
  const spellings = new Set([part, part.normalize('NFC'), part.normalize('NFD')]);
  // As a server shows it that takes the bytes of UTF-8 for Latin-1.
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

/** As JSON and requests have it before all of them is put into Base64. */
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

/** The characters that the bytes alone decide, if so many bytes precede them in their group of three. */
function embedded(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const bits = 8 * (offset + bytes.length);
  return text.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
}
