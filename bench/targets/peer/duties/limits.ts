/** Jobyard's default limits. */
export const limits = {
  bodyBytes: 1_048_576,
  depth: 12,
  aliases: 500,
  directives: 50,
  tokens: 15_000,
  /** As graphql-armor computes it: with the number in `first`, but not with the number of IDs. */
  cost: 50_000,
  requestsPerMinute: 6_000,
} as const;
