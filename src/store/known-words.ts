/**
 * SQL: whether a column holds a word that this version knows. A newer Jobyard on the same tables may store others: this one leaves such rows
 * to it.
 */
export function isOneOf(column: string, words: readonly string[]): string {
  return `${column} in (${words.map((word) => `'${word}'`).join(', ')})`;
}
