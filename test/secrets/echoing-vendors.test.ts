import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SystemConfig } from '../../src/config/systems.ts';
import { forEachSystem, type SystemName, startWithSandboxes, systemNames } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { type EchoingVendors, type Mode, modes, startEchoingVendors } from './echoing-vendors.ts';
import { anySecret, encodings, formsIn } from './forms-of-secrets.ts';

const encodingNames = Object.keys(encodings);
/** Those whose text a header can contain. */
const headerSafe = encodingNames.filter(
  (name) => /base64|percent|hex|form/.test(name) && !name.startsWith('json') && name !== 'base64, as json',
);

const job = `id name type status vendorStatus owner scope raw failureMessage failure { message code advice step { id name message } }
  steps { id name vendorStatus message failureCode advice links { title url } substeps { id name message } } problem { message }`;
const log = '{ nodes { message source stepId } pageInfo { endCursor } problem { message } }';
const operations = [
  `{ jobs(first: 50) { edges { cursor node { ${job} } } complete systems { system { id } status problem { message } } pageInfo { endCursor } } }`,
  `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on Job { ${job} } ... on JobError { message } } }`,
  `{ jobs(first: 50) { nodes { tags links { title url } outputs { name stepId value } log(first: 5) ${log} steps { log(first: 1) ${log} } } } }`,
  '{ jobSystems { id health { status problem { message } } } }',
  `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename ... on CancelSuccess { job { ${job} } }
    ... on JobError { message code } ... on VendorRejected { vendorCode } } } }`,
  'mutation ($ids: [ID!]!) { startJobs(input: { ids: $ids }) { results { __typename ... on JobError { message } } } }',
];

const variables = { ids: systemNames.flatMap((system) => subjects[system].echo.vendorIds.map((vendorId) => `${system}:${vendorId}`)) };

type Secrets = Record<SystemName, string>;

/** Everything that leaves a Jobyard over these vendors while everything is requested. */
async function askEverything(vendors: EchoingVendors, secrets: Secrets): Promise<string> {
  let logged = '';
  const change = (system: SystemConfig): SystemConfig => {
    const id = system.id as SystemName;
    const settings = subjects[id].echo.settings(secrets[id], system.settings as object);
    return { ...system, url: `${vendors[id].origin}/api`, settings };
  };
  const jobyard = await startWithSandboxes({
    jobs: 0,
    change,
    log: (line) => {
      logged += line;
    },
  });
  try {
    const texts: string[] = [];
    for (const query of operations) {
      const response = await fetch(`${jobyard.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      texts.push(JSON.stringify([...response.headers]), await response.text());
    }
    texts.push(await (await fetch(`${jobyard.origin}/metrics`)).text());
    return [...texts, readFileSync(jobyard.auditFile, 'utf8'), logged].join('\n');
  } finally {
    await jobyard.close();
  }
}

const aSecret = anySecret.filter((secret) => !secret.includes(':'));
const aCode = fc.stringMatching(/^[A-Za-z0-9+/=_%&"'\\.-]{16,40}$/).filter((code) => new Set(code).size > 8);

test.each(modes)('no form of any secret leaves Jobyard while each vendor repeats all of them: %s', async (mode: Mode) => {
  const property = fc.asyncProperty(
    fc.record(forEachSystem((system) => (subjects[system].echo.secrets === 'any' ? aSecret : aCode))),
    fc.shuffledSubarray(encodingNames, { minLength: encodingNames.length }),
    async (secrets, order) => {
      // What is in front of a vendor issues no sessions: Jobyard can't know theirs.
      const learned = mode === 'jobs' || mode === 'errors' ? systemNames.flatMap((system) => subjects[system].echo.learned) : [];
      const all = [...Object.values(secrets), ...learned];
      let count = 0;
      // Each secret in each form, one after the other.
      const next = (names: readonly string[]): string => {
        const name = names[count % names.length] ?? 'plain';
        const secret = all[Math.floor(count / names.length) % all.length] ?? '';
        count += 1;
        return (encodings[name] as (text: string) => string)(secret);
      };
      const vendors = await startEchoingVendors({
        mode,
        words: () => `no ${next(order)} here`,
        headerWords: () => next(headerSafe),
      });
      const output = await askEverything(vendors, secrets);
      for (const vendor of Object.values(vendors)) expect(vendor.requests.length).toBeGreaterThan(2);
      expect(output).toContain('…');
      const leaks = all.flatMap((secret) => formsIn(output, secret).map((name) => `${name} of ${secret}`));
      expect(leaks).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 6, endOnFailure: true });
});

test("a caller's own credential is in no response, neither in the vendor's messages nor in its jobs", async () => {
  const token = 'ya29.a0Af/own+token=of%2Fdana"x';
  const forms = Object.values(encodings).map((encode) => encode(token));
  for (const mode of modes) {
    let count = 0;
    const next = (): string => {
      count += 1;
      return forms[count % forms.length] ?? '';
    };
    const vendors = await startEchoingVendors({ mode, words: () => `no ${next()} here`, headerWords: () => encodeURIComponent(token) });
    const jobyard = await startWithSandboxes({
      jobs: 0,
      change: (system) => {
        const id = system.id as SystemName;
        const settings = subjects[id].echo.passthroughSettings;
        const url = `${vendors[id].origin}/api`;
        // Other vendors don't get the credential.
        return settings ? { ...system, url, settings, credentials: 'passthrough' } : system;
      },
    });
    try {
      const takers = systemNames.filter((system) => subjects[system].echo.passthroughSettings);
      expect(takers).toContain('aodocs');
      const headers = Object.fromEntries(takers.map((system) => [`x-jobyard-credential-${system}`, token]));
      let output = '';
      for (const query of operations) output += JSON.stringify(await jobyard.query(query, variables, headers));
      for (const system of takers) expect(vendors[system].requests.length).toBeGreaterThan(2);
      expect(output).toContain('…');
      expect(formsIn(output, token)).toEqual([]);
    } finally {
      await jobyard.close();
    }
  }
});
