const unstorable = /[\0\ud800-\udfff]/;

/** The text as PostgreSQL can hold it: it takes no NUL and no half of a surrogate pair. */
export function toStorableText(text: string): string {
  // Nearly always as it is; looking costs less than copying.
  return unstorable.test(text) ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text;
}
