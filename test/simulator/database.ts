import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';
import { createKeptStatements } from './kept-statements.ts';
import { firstOf, readRows, simpleQuery } from './postgres-messages.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

/** One PostgreSQL for all worlds, in this thread, which answers by the virtual clock. */
export interface Database {
  /** What node-postgres takes for its socket; the connection dies with the process. */
  connect(life: Life): Duplex;
  /** Decides what befalls a statement. */
  faults: { next(): StoreFault; isDown: boolean };
  /** Ends the connections of a process. Whether what it had sent is still carried out is `finishes`. */
  kill(life: Life, finishes: boolean): void;
  /** Ends all connections, as a restart of the server does. */
  restart(): void;
  /** As it was when `keep` was called. */
  /** `usesQueue`: whether bulk operations are started. If not, pg-boss gets the answers that it got before, as it has nothing to do. */
  reset(usesQueue: boolean): void;
  keep(): void;
}

export type StoreFault = { kind: 'none'; delayMs: number } | { kind: 'lost'; applied: boolean };

interface Connection {
  life: Life;
  number: number;
  duplex: Duplex;
  channels: Set<string>;
  isClosed: boolean;
}

interface Unit {
  connection: Connection;
  bytes: Buffer;
}

/** Have rows before a world begins. */
const restored = ['pgboss.queue', 'pgboss.version'];
const nameOf = (table: string): string => table.slice(table.indexOf('.') + 1);
/** pg-boss takes its jobs in the order of their IDs if they arrived at the same time. */
const sameIds = `
  set allow_system_table_mods = on;
  create sequence world_id;
  create or replace function pg_catalog.gen_random_uuid() returns uuid volatile language sql as $$ select md5(nextval('public.world_id')::text)::uuid $$;
  set allow_system_table_mods = off`;
const madeIds = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
/** Queues are there already, no process registers itself, and the indexes are too small to be bloated. */
const isAlwaysTheSame = /create_queue|DELETE FROM pgboss\.instance|relpages/;
const readByPlace = new Set(['jobyard.open_action', 'jobyard.event_group']);

const nextDue = "select coalesce(extract(epoch from min(start_after)) * 1000, 9e15)::bigint from pgboss.job where state < 'active'";

// "You are authenticated" and "ready for a query, in no transaction".
const greeting = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');

export function createDatabase(pglite: PGlite, time: VirtualTime): Database {
  let connections: Connection[] = [];
  let queue: Unit[] = [];
  /** PGlite has one session: while one of them is within a transaction, the others wait. */
  let holder: Connection | null = null;
  let isBusy = false;
  let made = 0;
  let emptied: string[] = [];
  let isEmptied = new Set<string>();
  let restartSequences = '';
  let usesQueue = true;
  const faults: Database['faults'] = { next: () => ({ kind: 'none', delayMs: 1 }), isDown: false };

  const send = (bytes: Uint8Array): Buffer => Buffer.from(time.without(() => pglite.execProtocolRawSync(bytes)));
  const run = (text: string): void => {
    const answer = send(simpleQuery(text));
    if (firstOf(answer, 'E')) throw new Error(`${text}: ${firstOf(answer, 'E')}`);
  };
  const statements = createKeptStatements(send);
  const rowsOf = (text: string): string[] => readRows(send(simpleQuery(text)));

  const close = (connection: Connection): void => {
    if (connection.isClosed) return;
    connection.isClosed = true;
    connections = connections.filter((each) => each !== connection);
    queue = queue.filter((unit) => unit.connection !== connection);
    if (holder === connection) {
      run('ROLLBACK');
      holder = null;
      work();
    }
  };

  /** Statements that found nothing the last time, and would find nothing now. */
  let idle = new Map<string, Buffer>();
  let nextDueMs = Number.POSITIVE_INFINITY;
  /** Frequent statements with the same result each time. */
  const remembered = new Map<string, Buffer>();
  let touched = new Set<string>();

  /** What statements find in tables that are empty, in every world: by their bytes without the ids that processes make. */
  const inEmpty = new Map<string, Buffer>();
  /** Whether the statement finds, and does, the same whenever no table that it names has had a row in this world. */
  const isOfEmptyTables = (bytes: Buffer, text: string): boolean => {
    if (holder !== null || emptied.length === 0 || !text.startsWith('P') || bytes[5] !== 0) return false;
    // Rows of the actions that are open are only ever made from those of other tables.
    if (/insert into (?!jobyard\.open_action)/i.test(text)) return false;
    const tables = text.match(/\b(?:jobyard|pgboss)\.\w+/g) ?? [];
    return tables.length > 0 && tables.every((table) => table === 'jobyard.hash_ids' || (isEmptied.has(table) && !touched.has(table)));
  };

  const answerOf = (bytes: Buffer, connection: Connection): Buffer => {
    const text = bytes.toString('latin1');
    if (isOfEmptyTables(bytes, text)) {
      const key = text.replace(madeIds, '');
      const answer = inEmpty.get(key) ?? statements.carryOut(bytes, connection.number);
      if (!firstOf(answer, 'E')) inEmpty.set(key, answer);
      return answer;
    }
    const isOfQueue = text.includes('pgboss.');
    if (isOfQueue && holder === null) {
      if (!usesQueue || isAlwaysTheSame.test(text)) {
        const key = text.replace(madeIds, '');
        const known = remembered.get(key);
        if (known) return known;
        const answer = send(bytes);
        if (emptied.length > 0) remembered.set(key, answer);
        return answer;
      }
      if (time.nowMs() < nextDueMs) {
        const known = idle.get(text);
        if (known) return known;
      }
    }
    for (const [, table = ''] of text.matchAll(/(?:insert into|update|delete from) (jobyard\.\w+|pgboss\.\w+)/gi)) touched.add(table);
    const answer = statements.carryOut(bytes, connection.number);
    if (!isOfQueue) return answer;
    const isPoll = holder === null && /FOR UPDATE SKIP LOCKED|SELECT DISTINCT name FROM pgboss.job/.test(text);
    if (isPoll && !firstOf(answer, 'D')) {
      if (time.nowMs() >= nextDueMs) idle = new Map();
      idle.set(text, answer);
      nextDueMs = dueMs();
    } else if (/pgboss\.job(_common)?\b/.test(text)) {
      idle = new Map();
      nextDueMs = 0;
    }
    return answer;
  };

  const dueMs = (): number => {
    const [due] = readRows(statements.carryOut(simpleQuery(nextDue), 0));
    const atMs = Number(due);
    return atMs > time.nowMs() ? atMs : 0;
  };

  const execute = ({ connection, bytes }: Unit): Buffer => {
    const answer = answerOf(bytes, connection);
    const { rest, notifications, status } = readAnswer(answer);
    holder = status === 'I' ? null : connection;
    for (const { channel, message } of notifications) {
      for (const each of connections) if (each.channels.has(channel)) time.later(1, () => deliver(each, message));
    }
    noteListening(connection, bytes);
    return rest;
  };

  const deliver = (connection: Connection, bytes: Buffer): void => {
    if (connection.isClosed || connection.life.isDead) return;
    time.within(connection.life, () => connection.duplex.push(bytes));
  };

  const noteListening = (connection: Connection, bytes: Buffer): void => {
    const text = bytes.toString('latin1');
    for (const [, verb, channel = ''] of text.matchAll(/(UN)?LISTEN "?(\w+)"?/g)) {
      if (!verb) connection.channels.add(channel);
      else {
        connection.channels.delete(channel);
        if (connections.some(({ channels }) => channels.has(channel))) run(`LISTEN "${channel}"`);
      }
    }
  };

  const work = (): void => {
    if (isBusy) return;
    const index = queue.findIndex(({ connection }) => holder === null || holder === connection);
    const unit = queue[index];
    if (!unit) return;
    queue.splice(index, 1);
    isBusy = true;
    const fault = faults.next();
    time.later(fault.kind === 'none' ? fault.delayMs : 1, () => {
      isBusy = false;
      const { connection } = unit;
      if (!connection.isClosed) {
        if (faults.isDown || (fault.kind === 'lost' && !fault.applied)) connection.duplex.destroy(new Error('Connection terminated'));
        else {
          const answer = execute(unit);
          if (fault.kind === 'lost') connection.duplex.destroy(new Error('Connection terminated'));
          else deliver(connection, answer);
        }
      }
      work();
    });
  };

  return {
    faults,
    connect(life) {
      made += 1;
      const number = made;
      let pending = Buffer.alloc(0);
      let isStarting = true;
      const take = (chunk: Buffer): void => {
        if (isStarting) {
          isStarting = false;
          time.later(1, () => deliver(connection, greeting));
          return;
        }
        pending = Buffer.concat([pending, chunk]);
        for (let end = endOfUnit(pending); end > 0; end = endOfUnit(pending)) {
          const bytes = pending.subarray(0, end);
          pending = pending.subarray(end);
          if (bytes[0] === 0x58) duplex.destroy();
          else queue.push({ connection, bytes });
        }
        work();
      };
      const duplex = new Duplex({
        read() {},
        write(chunk: Buffer, _encoding, done) {
          take(chunk);
          done();
        },
        final(done) {
          duplex.push(null);
          done();
        },
        destroy(error, done) {
          close(connection);
          done(error);
        },
      });
      const connection: Connection = { life, number, duplex, channels: new Set(), isClosed: false };
      connections.push(connection);
      const connect = (): void => {
        if (faults.isDown) time.later(1, () => time.within(life, () => duplex.destroy(new Error('connect ECONNREFUSED'))));
        else process.nextTick(() => duplex.emit('connect'));
      };
      return Object.assign(duplex, { connect, setNoDelay() {}, setKeepAlive() {}, ref() {}, unref() {} });
    },
    kill(life, finishes) {
      const own = connections.filter((connection) => connection.life === life);
      if (finishes) {
        for (const unit of queue.filter(({ connection }) => own.includes(connection) && (!holder || holder === connection))) execute(unit);
      }
      for (const connection of own) close(connection);
    },
    restart() {
      for (const { duplex } of connections) duplex.destroy(new Error('Connection terminated unexpectedly'));
    },
    keep() {
      const tables = rowsOf("select schemaname || '.' || tablename from pg_tables where schemaname in ('jobyard', 'pgboss')");
      emptied = tables.filter((table) => !['jobyard.migration', ...restored].includes(table));
      isEmptied = new Set(emptied);
      run(sameIds);
      const starts = "select format('setval(''%I.%I'', %s, false)', schemaname, sequencename, start_value) from pg_sequences";
      restartSequences = `select ${rowsOf(starts).join()}`;
      for (const table of restored) run(`create table kept_${nameOf(table)} as select * from ${table}`);
    },
    reset(uses) {
      const didUseQueue = usesQueue;
      const wasUsed = made > 0;
      usesQueue = uses;
      connections = [];
      queue = [];
      holder = null;
      isBusy = false;
      made = 0;
      faults.isDown = false;
      faults.next = () => ({ kind: 'none', delayMs: 1 });
      if (emptied.length === 0 || !wasUsed) return;
      run('ROLLBACK');
      statements.forgetNames();
      run('UNLISTEN *');
      const changed = restored.filter((table) => touched.has(table));
      const used = emptied.filter((table) => touched.has(table) || (table === 'pgboss.job_common' && touched.has('pgboss.job')));
      // Some rows are read in the order in which they lie, which deleted ones change; but to delete takes a tenth of the time.
      const truncated = used.filter((table) => didUseQueue || readByPlace.has(table)).concat(changed);
      const statementsToEmpty = [
        ...used.filter((table) => !truncated.includes(table)).map((table) => `DELETE FROM ${table}`),
        ...(truncated.length > 0 ? [`TRUNCATE ${truncated.join(', ')} CASCADE`] : []),
        ...changed.map((table) => `insert into ${table} select * from kept_${nameOf(table)} order by 1`),
      ];
      if (statementsToEmpty.length > 0)
        run(['SET session_replication_role = replica', ...statementsToEmpty, 'SET session_replication_role = DEFAULT'].join(';'));
      statements.carryOut(simpleQuery(restartSequences), 0);
      touched = new Set();
      idle = new Map();
      nextDueMs = 0;
    },
  };
}

/** Up to the end of the first statement whose messages have all come; 0: none has. */
function endOfUnit(bytes: Buffer): number {
  for (let at = 0; at + 5 <= bytes.length; ) {
    const type = bytes[at];
    at += 1 + bytes.readInt32BE(at + 1);
    if (at > bytes.length) return 0;
    // Query, Sync, Terminate.
    if (type === 0x51 || type === 0x53 || type === 0x58) return at;
  }
  return 0;
}

interface Answer {
  /** Without the notifications. */
  rest: Buffer;
  notifications: { channel: string; message: Buffer }[];
  /** Of the transaction: I, T or E. */
  status: string;
}

function readAnswer(bytes: Buffer): Answer {
  const rest: Buffer[] = [];
  const notifications: Answer['notifications'] = [];
  let status = 'I';
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + bytes.readInt32BE(at + 1);
    const message = bytes.subarray(at, at + length);
    const type = bytes[at];
    at += length;
    if (type === 0x41) notifications.push({ channel: message.toString('utf8', 9, message.indexOf(0, 9)), message });
    else rest.push(message);
    if (type === 0x5a) status = String.fromCharCode(message[5] ?? 0);
  }
  return { rest: Buffer.concat(rest), notifications, status };
}
