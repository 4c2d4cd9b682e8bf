#!/usr/bin/env node
// The command `jobyard`. In JavaScript, so that Node's version is checked before anything else is loaded.
import './process/requirements.js';

const [word = '', ...others] = process.argv.slice(2);
if (word === '' || word.startsWith('-')) {
  await import('./process/young-space.js');
  await import('./process/runtime.js');
  await import('./main.ts');
} else {
  await import('./process/compile-cache.js');
  const { runCommand } = await import('./process/commands.ts');
  await runCommand(word, others);
}
