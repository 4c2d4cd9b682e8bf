/** Passes on the messages of a WebSocket so that a reused ID means only the new operation. */
export type TakeInOrder = (text: string) => Promise<void>;

interface Use {
  /** The message is being handled: its operation runs. */
  ended: Promise<void>;
  isCompleted: boolean;
  /** The next message with the ID, which waits for the end of this one. Null: none, or the client completed it before it started. */
  next: { text: string } | null;
  isAwaited: boolean;
}

/**
 * graphql-ws identifies operations by ID only. If a client completes an operation that is still starting and reuses its ID, the first
 * operation would continue and respond in place of the second. So the second starts after the first has ended.
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
    // One promise for all: each would keep its text until then.
    if (use.isAwaited) return;
    use.isAwaited = true;
    await use.ended.catch(() => {});
    if (use.next) return subscribe(message.id, use.next.text);
  };
}

/** Null: the message has no ID. graphql-ws reports errors in messages. */
function readHead(text: string): { type: unknown; id: string } | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || !('id' in message) || typeof message.id !== 'string') return null;
    return { type: 'type' in message ? message.type : null, id: message.id };
  } catch {
    return null;
  }
}
