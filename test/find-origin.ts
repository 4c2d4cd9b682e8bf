/** The origin in the log line with Jobyard's address; null: the line is not in this output yet. */
export function findOrigin(output: string): string | null {
  return /^{.*"graphql":"(http:[^"]+)\/graphql".*"msg":"listening"}$/m.exec(output)?.[1] ?? null;
}
