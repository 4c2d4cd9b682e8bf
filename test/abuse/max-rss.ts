/** The memory that Jobyard may use under attack, with default limits. */
export const maxRssMiB = 400;
