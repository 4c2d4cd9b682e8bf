interface List {
  systemId: string;
  source: { name: string };
}

const maxQuote = 50;

/** Why rows of a list are missing, or may be: what happened, and what the caller or the operator can do. */
export const gapMessages = {
  leftOut: ({ systemId, source: { name: list } }: List, counted: number | null): string =>
    `${systemId} counts ${counted} jobs in its list (${list}) but did not return all of them: some are missing here. Retry, or check what the account may see.`,
  repeatedJob: ({ systemId, source: { name: list } }: List, vendorId: string): string =>
    `${systemId} returned job ${vendorId} twice in one response (${list}): another job may be missing in its place. Retry.`,
  repetition: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} repeats the same jobs for every position in its list (${list}): jobs after them are missing. Check the gateway in front of it.`,
  disorder: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} didn't return its jobs (${list}) in the order that it was asked for: some may be missing. Order by another field.`,
  oneTime: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} lists more jobs of nearly the same time than one response can hold (${list}), in an order that may change: some may be missing. Narrow the filter.`,
  smallResponses: ({ systemId, source: { name: list } }: List): string =>
    `${systemId} returns too few jobs in one response (${list}) to prove that it leaves none out: some may be missing. Narrow the filter.`,
  unusableId: ({ systemId, source: { name: list } }: List, vendorId: string): string =>
    `${systemId} returned an invalid row (${list}): the ID ${JSON.stringify(vendorId.slice(0, maxQuote).toWellFormed())} is too long, or contains characters that no ID can have. The row is omitted.`,
  otherRows: ({ systemId, source: { name: list } }: List, firstRow: number): string =>
    `${systemId} was asked for the first rows of its list (${list}), but returned rows from number ${firstRow} on. Check the gateway in front of it.`,
};
