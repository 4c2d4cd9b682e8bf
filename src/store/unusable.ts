/** The store can't be used as configured: an operator must act before a retry. The message is one line: what is wrong, and what to do. */
export class UnusableStoreError extends Error {
  override readonly name = 'UnusableStoreError';
}
