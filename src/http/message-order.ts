/** Hands the messages of a WebSocket on, so that an id which is used anew means the new operation only. */
export type TakeInOrder = (text: string) => Promise<void>;

interface Use {
  /** The message is being handled: its operation runs. */
  ended: Promise<void>;
  isCompleted: boolean;
  /** The next use of the id, which waits for the end of this one; null: none, or it was taken back before it began. */
  next: { text: string } | null;
  isAwaited: boolean;
}

/**
 * graphql-ws tells operations apart by their ids alone: one that is still beginning when its client takes it back and uses the id again
 * would go on, and answer for the other. So the other begins when the first has ended.
 */
export function createMessageOrder(take: (text: string) => Promise<void>): TakeInOrder {
  const uses = new Map<string, Use>();

  const subscribe = (id: string, text: string): Promise<void> => {
    const ended = take(text);
    const use: Use = { ended, isCompleted: false, next: null, isAwaited: false };
    uses.set(id, use);
    const forget = (): void => {
      if (uses.get(id) === use) uses.delete(id);
    };
    ended.then(forget, forget);
    return ended;
  };

  return async (text) => {
    const message = readHead(text);
    const use = message && uses.get(message.id);
    if (message?.type === 'complete' && use) {
      use.isCompleted = true;
      use.next = null;
    }
    if (message?.type !== 'subscribe') return take(text);
    if (!use?.isCompleted) return subscribe(message.id, text);
    use.next = { text };
    // One waits for all: each would keep its text until then.
    if (use.isAwaited) return;
    use.isAwaited = true;
    await use.ended.catch(() => {});
    if (use.next) return subscribe(message.id, use.next.text);
  };
}

/** Null: nothing that has to do with an id. What is wrong with a message graphql-ws says. */
function readHead(text: string): { type: unknown; id: string } | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || !('id' in message) || typeof message.id !== 'string') return null;
    return { type: 'type' in message ? message.type : null, id: message.id };
  } catch {
    return null;
  }
}
