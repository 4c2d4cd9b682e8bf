import fc from 'fast-check';

/** How a vendor, a proxy or a library may write a text that it repeats. Written apart from src/secrets, so that both can't be wrong alike. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  'json of ASCII only': (text) => perUnit(text, (unit) => `\\u${hex(unit, 4)}`),
  'json of ASCII only, upper case': (text) => perUnit(text, (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
  'json with slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'json twice': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  percent: (text) => encodeURIComponent(text),
  'percent, lower case': (text) => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  'percent, all bytes': (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'),
  'percent twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams([['', text]]).toString().slice(1),
  html: (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'html, named': (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'html, hexadecimal': (text) => Array.from(text, (sign) => `&#x${(sign.codePointAt(0) ?? 0).toString(16)};`).join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 without padding': (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 of a pair': (text) => Buffer.from(`ada:${text}`).toString('base64'),
  'base64 within a text': (text) => Buffer.from(`{"u":"x","p":${JSON.stringify(text)}}`).toString('base64'),
  'base64, in a URL': (text) => encodeURIComponent(Buffer.from(`ada:${text}`).toString('base64')),
  'base64, as json': (text) => Buffer.from(`ada:${text}`).toString('base64').replaceAll('=', '\\u003d').replaceAll('/', '\\/'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex, upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

function perUnit(text: string, write: (unit: number) => string): string {
  return Array.from({ length: text.length }, (_, at) => write(text.charCodeAt(at))).join('');
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, '0');
}

const oddCharacters = [
  '"',
  '\\',
  '/',
  '+',
  '=',
  '%',
  '&',
  '<',
  ' ',
  "'",
  'é',
  'ß',
  '日',
  '🙂',
  ';',
  ':',
  '?',
  '#',
  '…',
  '$',
  '.',
  '*',
  '(',
];

/** Secrets as people and machines make them; of at least 8 characters, with signs that some encoding changes. */
export const anySecret: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...oddCharacters), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789')), {
    minLength: 10,
    maxLength: 40,
  })
  .map((characters) => characters.join(''))
  .filter((text) => text.trim().length >= 8 && new Set(text.trim()).size >= 6 && !text.includes('\u2026\u2026'));

/**
 * The forms of the secret that the text contains, by name. For a form that is lengthened by a user name, only the secret's part is
 * searched.
 */
export function formsIn(text: string, secret: string): string[] {
  const whole = secret.trim();
  return Object.entries(encodings)
    .filter(([, encode]) => {
      const form = encode(whole);
      return text.includes(form);
    })
    .map(([name]) => name);
}
