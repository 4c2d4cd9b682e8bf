/** What is loaded once more for each mutant. */

export { vendorNames } from '../vendors/subjects.ts';
export { judge } from './oracle.ts';
export { prepareGround } from './prepare-ground.ts';
export { separateProcesses } from './process-state.ts';
export { liveWorld } from './world.ts';
