/** The store can't be used as it is configured: a retry can't help, an operator must act. The message is one line: what is wrong and what to do. */
export class UnusableStoreError extends Error {
  override readonly name = 'StoreUnusable';
}
