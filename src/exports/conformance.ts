// The package's export `jobyard/conformance`: the checks that every adapter must pass.

export { type Check, type OddRows, type Subject, Violation } from '../conformance/check.ts';
export { checks } from '../conformance/index.ts';
export { type StartedSubject, type SubjectVendor, startSubject } from '../conformance/start-subject.ts';
