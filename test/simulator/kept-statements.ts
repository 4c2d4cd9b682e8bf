import { firstOf, messageOf, messagesOf, simpleQuery, textAt, typeOf } from './postgres-messages.ts';

/** Carries out statements of all connections in one session, which plans each text once: planning takes ten times as long as the rest. */
export interface KeptStatements {
  /** `bytes`: messages up to a Sync, or a simple query. The answer is that of a session of the connection's own. */
  carryOut(bytes: Buffer, connection: number): Buffer;
  /** The names that connections have given to statements. */
  forgetNames(): void;
}

/** Simple queries that come again and again, of one statement each. */
const keepable = /^\s*(with|select|update|delete|insert)\b[^;]*;?\s*$/i;
const transaction = /^\s*begin;[^$]*;\s*commit;?\s*$/i;
/** The length of "ready for query", which ends each response. */
const readyLength = 6;
const parsed = messageOf('1');
/** No parameter formats, no parameters, no result formats. */
const bindAll = Buffer.from([0, 0, 0, 0, 0, 0]);

export function createKeptStatements(send: (bytes: Uint8Array) => Buffer): KeptStatements {
  /** By their texts and types of parameters, in the session. */
  const kept = new Map<string, string>();
  /** By connection and its own name. */
  const names = new Map<string, string>();
  const seen = new Set<string>();
  let made = 0;

  // A plan for any parameters: which is chosen must not depend on the worlds before.
  send(simpleQuery('set plan_cache_mode = force_generic_plan'));

  const carryOutSimple = (bytes: Buffer): Buffer => {
    const text = textAt(bytes, 5);
    const steps = stepsOf(text);
    if (steps) return carryOutSteps(steps);
    if (!keepable.test(text)) return send(bytes);
    if (!kept.has(text)) {
      if (!seen.has(text)) {
        seen.add(text);
        return send(bytes);
      }
      made += 1;
      const answer = send(Buffer.concat([messageOf('P', `kept_${made}`, text, Buffer.alloc(2)), messageOf('S')]));
      if (firstOf(answer, 'E')) return send(bytes);
      kept.set(text, `kept_${made}`);
    }
    const name = kept.get(text) as string;
    const describe = messageOf('D', Buffer.from('P'), '');
    const all = [messageOf('B', '', name, bindAll), describe, messageOf('E', '', Buffer.alloc(4)), messageOf('S')];
    const answer = Array.from(messagesOf(send(Buffer.concat(all))));
    return Buffer.concat(answer.filter((message) => !['2', 'n'].includes(typeOf(message))));
  };

  /** As in one query: the steps after a failed one aren't executed, and all results are returned at once. */
  const carryOutSteps = (steps: readonly string[]): Buffer => {
    const answers: Buffer[] = [];
    for (const step of steps) {
      const answer = carryOutSimple(simpleQuery(step));
      const isLast = step === steps.at(-1) || firstOf(answer, 'E') !== null;
      answers.push(isLast ? answer : answer.subarray(0, answer.length - readyLength));
      if (isLast) break;
    }
    return Buffer.concat(answers);
  };

  return {
    carryOut(bytes, connection) {
      if (typeOf(bytes) === 'Q') return carryOutSimple(bytes);
      const parts: Buffer[] = [];
      const fresh: string[] = [];
      let isKnown = false;
      const nameOf = (own: string): string => names.get(`${connection} ${own}`) ?? `of ${connection}: ${own}`;
      for (const message of messagesOf(bytes)) {
        switch (typeOf(message)) {
          case 'P': {
            const own = textAt(message, 5);
            const textAndTypes = message.subarray(6 + Buffer.byteLength(own));
            const key = textAndTypes.toString('latin1');
            isKnown = kept.has(key);
            if (!isKnown) {
              made += 1;
              kept.set(key, `kept_${made}`);
              fresh.push(key);
              parts.push(messageOf('P', `kept_${made}`, textAndTypes));
            }
            names.set(`${connection} ${own}`, kept.get(key) as string);
            break;
          }
          case 'B': {
            const portal = textAt(message, 5);
            const ownAt = 6 + Buffer.byteLength(portal);
            const own = textAt(message, ownAt);
            parts.push(messageOf('B', portal, nameOf(own), message.subarray(ownAt + 1 + Buffer.byteLength(own))));
            break;
          }
          case 'D':
            parts.push(message[5] === 0x53 ? messageOf('D', Buffer.from('S'), nameOf(textAt(message, 6))) : message);
            break;
          case 'C':
            if (message[5] === 0x53) throw new Error('Nothing in Jobyard closes a statement');
            parts.push(message);
            break;
          default:
            parts.push(message);
        }
      }
      const answer = send(Buffer.concat(parts));
      // It may have been its text that was wrong.
      if (firstOf(answer, 'E')) for (const key of fresh) kept.delete(key);
      return isKnown && typeOf(answer) !== 'E' ? Buffer.concat([parsed, answer]) : answer;
    },
    forgetNames: () => names.clear(),
  };
}

/** The statements of a transaction that comes as one query; null: it is none, or it can't be determined where they end. */
function stepsOf(text: string): string[] | null {
  if (!transaction.test(text)) return null;
  const steps = text.split(';').filter((step) => step.trim() !== '');
  return steps.every((step) => step.split("'").length % 2 === 1) ? steps : null;
}
