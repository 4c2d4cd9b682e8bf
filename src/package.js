// Where the package's files are. In JavaScript, as src/process/requirements.js needs it before an old Node stops.
//
// Compiled, src/ becomes dist/: this module is at the same depth. So a path from the package's root is the same from both folders, and only
// the ending of a module's name differs.
import { readFileSync } from 'node:fs';

/** The root of the checkout, or of the package. */
export const root = new URL('../', import.meta.url);
/** Whether this is the package's code, not a checkout's. */
export const isCompiled = new URL('./', import.meta.url).href === new URL('dist/', root).href;

/** @type {{ name: string, version: string, engines: { node: string } }} */
export const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** The public schema: .graphql files. */
export const schemaFolder = new URL('schema/', root);

/** The SQL of the store. Not compiled, so it stays in src/. */
export const migrationsFolder = new URL('src/store/migrations/', root);

/** The built console and playground. The same folders in the package and in a checkout. */
export const consoleFolder = new URL('console/dist/', root);
export const playgroundFolder = new URL('playground/dist/', root);

/** The folder of compiled code. In the package's own folder: all users share Node's default folder, so others could plant code. */
export const compileCacheFolder = new URL('node_modules/.cache/node', root);

/**
 * The module of a thread.
 * @param {string} path From src/, without an ending: `store/pglite-worker`
 * @returns {URL}
 */
export function moduleOf(path) {
  return new URL(isCompiled ? `dist/${path}.js` : `src/${path}.ts`, root);
}

/** What runs all commands of the program: `node src/jobyard.js`, or `npx jobyard` from the package. */
export const program = isCompiled ? 'npx jobyard' : 'node src/jobyard.js';

/**
 * What a reader types to run one of Jobyard's commands: `npx jobyard apikey NAME`, or in a checkout `npm run apikey -- NAME`.
 * @param {string} command A command's name; `start` for the server
 * @param {string} [parameters]
 * @returns {string}
 */
export function toCommandLine(command, parameters = '') {
  const words = isCompiled ? ['npx', 'jobyard'] : ['npm', ...(command === 'start' ? [] : ['run'])];
  if (!isCompiled || command !== 'start') words.push(command);
  if (parameters !== '') words.push(...(isCompiled ? [] : ['--']), parameters);
  return words.join(' ');
}
