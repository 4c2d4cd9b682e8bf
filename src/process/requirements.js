// Checks Node's version and the installation before anything else is loaded. In JavaScript, as an old Node can't load TypeScript: every
// script of package.json that starts TypeScript imports this file first.
import { createRequire } from 'node:module';
import { isCompiled, manifest, root } from '../package.js';

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

/**
 * Why this checkout can't run Jobyard, or null. The package contains the code of the packages that a checkout needs for development.
 * @param {URL} folder The root of the checkout
 * @returns {string | null}
 */
export function describeIncompleteCheckout(folder) {
  try {
    createRequire(new URL('package.json', folder)).resolve('graphql');
    return null;
  } catch {
    return 'This checkout has not all packages that Jobyard needs. Install them with npm ci, without --omit=dev. For production, use the package: npm pack';
  }
}

const problem = describeOldNode(process.versions.node) ?? (isCompiled ? null : describeIncompleteCheckout(root));
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
