/** What is loaded once more for each mutant. */

export { vendorNames } from '../vendors/subjects.ts';
export { judge } from './oracle.ts';
export { separateProcesses } from './process-state.ts';
export { liveWorld, prepareGround } from './world.ts';
