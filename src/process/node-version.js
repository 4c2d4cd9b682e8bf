// Checks Node's version before anything else is loaded. In JavaScript, as an old Node can't load TypeScript: every script of package.json
// that starts TypeScript imports this file first.
import { manifest } from '../package.js';

/**
 * The oldest version that package.json allows, in `engines`: `>=22.19`.
 * @returns {[number, number]}
 */
function readMinVersion() {
  const [major = 0, minor = 0] = manifest.engines.node.replace('>=', '').split('.').map(Number);
  return [major, minor];
}

/**
 * Why this version of Node can't run Jobyard, or null.
 * @param {string} version
 * @returns {string | null}
 */
export function describeOldNode(version) {
  const [minMajor, minMinor] = readMinVersion();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return null;
  return `Jobyard requires Node.js ${minMajor}.${minMinor} or newer, got ${version}. Install a newer version: https://nodejs.org`;
}

const problem = describeOldNode(process.versions.node);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
