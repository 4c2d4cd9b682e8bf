/** What is loaded once more for each mutant. */
export { judge } from './oracle.ts';
export { liveWorld, prepareGround } from './world.ts';
