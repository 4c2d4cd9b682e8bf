/** The exit code of a program that SIGPIPE ends, as it would end one that isn't written for Node.js. */
const brokenPipe = 128 + 13;

/** Ends a command quietly when the reader of its output has gone: `jobyard conformance | head`. Not for the server, which continues. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(brokenPipe);
  });
}
