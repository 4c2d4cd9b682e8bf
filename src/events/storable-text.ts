/** The text as PostgreSQL can hold it: it takes no NUL and no half of a surrogate pair. */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
