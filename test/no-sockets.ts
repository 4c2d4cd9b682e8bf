import { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';

// A test that needs one of these is none of the unit project: see vitest.config.ts.
const refuse = (what: string) => (): never => {
  throw new Error(`A unit test must not ${what}. Take its file out of \`unit\` in vitest.config.ts.`);
};

Socket.prototype.connect = refuse('connect a socket');
Server.prototype.listen = refuse('listen on a socket');
Object.assign(ChildProcess.prototype, { spawn: refuse('start a process') });
