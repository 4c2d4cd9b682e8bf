/** The subject of the conformance suite: a vendor's adapter on its sandbox, with a stopped clock. */
export { startSubject } from '../../src/conformance/start-subject.ts';
