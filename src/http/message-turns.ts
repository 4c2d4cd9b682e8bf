import { type TurnSize, turnSizeOf } from '../concurrency/turns.ts';

export interface MessageTurnsOptions {
  /** Waits for a turn of the caller. Null: the message may be handled now. */
  takeTurn(size: TurnSize): Promise<void> | null;
  handle(message: Buffer): void;
  /** Counts bytes of waiting messages; negative when they have been handled. */
  count(bytes: number): void;
  /** The connection, which isn't read while a message waits. */
  connection: { pause(): void; resume(): void };
}

/**
 * Handles the messages of one WebSocket in order. Each takes a turn of its caller before it is parsed, including messages that start no
 * operation and aren't rate-limited, such as pings.
 */
export function createMessageTurns({ takeTurn, handle, count, connection }: MessageTurnsOptions): (message: Buffer) => void {
  const waiting: Buffer[] = [];

  const handleWaiting = async (turnOfFirst: Promise<void>): Promise<void> => {
    let turn: Promise<void> | null = turnOfFirst;
    for (let message = waiting[0]; message; message = waiting[0]) {
      if (turn) await turn;
      waiting.shift();
      count(-message.length);
      handle(message);
      turn = waiting[0] ? takeTurn(turnSizeOf(waiting[0].length)) : null;
    }
    connection.resume();
  };

  return (message) => {
    const turn = waiting.length > 0 ? null : takeTurn(turnSizeOf(message.length));
    if (waiting.length === 0 && !turn) return handle(message);
    waiting.push(message);
    count(message.length);
    if (!turn) return;
    connection.pause();
    void handleWaiting(turn);
  };
}
