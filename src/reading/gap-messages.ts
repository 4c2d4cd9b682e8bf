/** Why rows of a list are missing, or may be: what happened, and what the caller or the operator can do. */
export interface GapMessages {
  leftOut(counted: number | null): string;
  repeatedJob(vendorId: string): string;
  repetition(): string;
  disorder(): string;
  oneTime(): string;
  smallResponses(): string;
  unusableId(vendorId: string): string;
  otherRows(firstRow: number): string;
}

const maxQuote = 50;

export function createGapMessages(systemId: string, list: string): GapMessages {
  return {
    leftOut: (counted) =>
      `${systemId} counts ${counted} jobs in its list (${list}) but did not return all of them: some are missing here. Retry, or check what the account may see.`,
    repeatedJob: (vendorId) =>
      `${systemId} returned job ${vendorId} twice in one response (${list}): another job may be missing in its place. Retry.`,
    repetition: () =>
      `${systemId} repeats the same jobs for every position in its list (${list}): jobs after them are missing. Check the gateway in front of it.`,
    disorder: () =>
      `${systemId} didn't return its jobs (${list}) in the order that it was asked for: some may be missing. Order by another field.`,
    oneTime: () =>
      `${systemId} lists more jobs of nearly the same time than one response can hold (${list}), in an order that may change: some may be missing. Narrow the filter.`,
    smallResponses: () =>
      `${systemId} returns too few jobs in one response (${list}) to prove that it leaves none out: some may be missing. Narrow the filter.`,
    unusableId: (vendorId) =>
      `${systemId} sent an odd row in its list (${list}): the ID ${JSON.stringify(vendorId.slice(0, maxQuote).toWellFormed())} is too long, or contains characters that no ID can have. The row is left out.`,
    otherRows: (firstRow) =>
      `${systemId} was asked for the first rows of its list (${list}), but returned rows from number ${firstRow} on. Check the gateway in front of it.`,
  };
}
