/** TypeScript's library doesn't declare it yet. */
interface JSON {
  rawJSON(text: string): unknown;
}
