interface List {
  systemId: string;
  source: { name: string };
}

const maxQuote = 50;

/** Messages about rows that are or may be missing from a list: what happened, and what to do. */
export const gapMessages = {
  leftOut: ({ systemId, source: { name: list } }: List, counted: number | null): string =>
    `${systemId} counts ${counted} jobs in its list (${list}) but didn't return all of them: some are missing. Retry, or check the account's permissions.`,
  repeatedJob: ({ systemId, source: { name: list } }: List, vendorId: string): string =>
    `${systemId} returned job ${vendorId} twice in one response (${list}): another job may be missing. Retry.`,
  repetition: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} returns the same jobs for every position in its list (${list}): later jobs are missing. Check the gateway in front of it.`,
  disorder: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} didn't return its jobs (${list}) in the requested order: some may be missing. Order by another field.`,
  oneTime: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} has more jobs with nearly the same time than fit one response (${list}), in an order that may change: some may be missing. Narrow the filter.`,
  smallResponses: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} returns too few jobs per response (${list}) to prove that none is missing: some may be. Narrow the filter.`,
  unusableId: ({ systemId, source: { name: list } }: List, vendorId: string): string =>
    `${systemId} returned an invalid row (${list}): the ID ${JSON.stringify(vendorId.slice(0, maxQuote).toWellFormed())} is too long, or contains characters that aren't allowed in IDs. The row is omitted.`,
  otherRows: ({ systemId, source: { name: list } }: List, firstRow: number): string =>
    `${systemId} returned rows from number ${firstRow} instead of the first rows of its list (${list}). Check the gateway in front of it.`,
};
