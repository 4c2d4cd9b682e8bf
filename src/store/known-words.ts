/**
 * SQL: whether a column contains a word that this version supports. A newer replica on the same tables may store other words; this one
 * ignores those rows.
 */
export function isOneOf(column: string, words: readonly string[]): string {
  return `${column} in (${words.map((word) => `'${word}'`).join(', ')})`;
}
