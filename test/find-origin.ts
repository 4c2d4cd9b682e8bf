/** The origin in the log's line that says where Jobyard listens; null: the line is not in this output yet. */
export function findOrigin(output: string): string | null {
  return /^{.*"graphql":"(http:[^"]+)\/graphql".*"msg":"listening"}$/m.exec(output)?.[1] ?? null;
}
