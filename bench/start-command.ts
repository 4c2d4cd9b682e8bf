import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parameters of `node` with which `npm start` starts the Jobyard of this checkout, from whatever folder: bench and tests measure what is deployed. */
export function readStartParameters(checkout: string): string[] {
  const { scripts }: { scripts: { start: string } } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const [program, ...parameters] = scripts.start.split(' ');
  if (program !== 'node') throw new Error(`The script "start" in package.json: expected "node …", got "${scripts.start}"`);
  return parameters.map((parameter) => parameter.replace(/^(?:\.\/)?src\//, `${join(checkout, 'src')}/`));
}
