/** Lets a test act in the middle of a request. */
export interface RaceHooks {
  /** After the checks of a PATCH or clear, before it changes the run. */
  beforeChange?: (vendorId: string) => void;
}
