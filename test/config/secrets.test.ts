import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { errorsIn, load, writeTemporaryFile } from './load.ts';

const kylin = (password: string) => `systems: [{ id: k, vendor: kylin, url: "http://h", username: u, password: ${password} }]`;
const place = 'systems[0].password: ';

describe('a secret', () => {
  test('comes from an environment variable', () => {
    const { systems } = load(kylin('{ env: KYLIN_PASSWORD }'), { KYLIN_PASSWORD: ' with spaces ' });
    expect(systems?.[0]?.settings).toEqual({ username: 'u', password: ' with spaces ' });
  });

  test('comes from a file, without the line ending that editors add', () => {
    const file = writeTemporaryFile('first line\nsecond\r\n', 'secret');
    const { systems } = load(kylin(`{ file: ${file} }`));
    expect(systems?.[0]?.settings).toEqual({ username: 'u', password: 'first line\nsecond' });
  });

  test('comes from a file, without the byte order mark that editors add', () => {
    const file = writeTemporaryFile('\uFEFFhunter2\r\n', 'secret');
    expect(load(kylin(`{ file: ${file} }`)).systems?.[0]?.settings).toEqual({ username: 'u', password: 'hunter2' });
    const { systems } = load(kylin('{ env: KYLIN_PASSWORD }'), { KYLIN_PASSWORD: '\uFEFFhunter2' });
    expect(systems?.[0]?.settings).toEqual({ username: 'u', password: 'hunter2' });
  });

  test.each([
    ['is in UTF-16', Buffer.from('\uFEFFhunter2', 'utf16le'), 'is in UTF-16; save it as UTF-8'],
    ['is in UTF-16, big-endian', Buffer.from('\uFEFFhunter2', 'utf16le').swap16(), 'is in UTF-16; save it as UTF-8'],
    ['is in UTF-16 without a mark', Buffer.from('hunter2', 'utf16le'), 'contains NUL bytes, as UTF-16 text does; save it as UTF-8'],
    ['is in Latin-1', Buffer.from('h\u00fcnter2', 'latin1'), 'is not in UTF-8; save it as UTF-8'],
    ['contains only a byte order mark', Buffer.from('\uFEFF\n'), 'is empty'],
  ])("whose file %s is an error and isn't shown", (_what, bytes, state) => {
    const file = writeTemporaryFile(bytes, 'secret');
    expect(errorsIn(kylin(`{ file: ${file} }`))).toEqual([`${place}expected the file ${file} to contain the secret, it ${state}`]);
  });

  test.each([
    ['is not set', {}, 'not set'],
    ['is empty', { KYLIN_PASSWORD: '' }, 'empty'],
  ])('whose variable %s is an error', (_what, environment, state) => {
    expect(errorsIn(kylin('{ env: KYLIN_PASSWORD }'), environment)).toEqual([
      `${place}expected the environment variable KYLIN_PASSWORD to contain the secret, it is ${state}`,
    ]);
  });

  test.each([
    ['is not there', '/nowhere/secret', "it can't be read (ENOENT)"],
    ['is a folder', tmpdir(), "it can't be read (EISDIR)"],
  ])('whose file %s is an error', (_what, file, state) => {
    expect(errorsIn(kylin(`{ file: ${file} }`))).toEqual([`${place}expected the file ${file} to contain the secret, ${state}`]);
  });

  test('whose file contains only line endings is an error', () => {
    const file = writeTemporaryFile('\n\n', 'secret');
    expect(errorsIn(kylin(`{ file: ${file} }`))).toEqual([`${place}expected the file ${file} to contain the secret, it is empty`]);
  });

  test.each([
    ['is in the file as text', 'hunter2'],
    ['is in the file as a number', '48151623'],
    ['is in the file in braces', '{ value: hunter2 }'],
    ['is in the file in a list', '[hunter2]'],
    ['is next to a variable', '{ env: KYLIN_PASSWORD, value: hunter2 }'],
    ['has two sources', '{ env: KYLIN_PASSWORD, file: /tmp/x }'],
    ['has a source that is misspelt', '{ envv: KYLIN_PASSWORD }'],
    ['has a variable without a name', '{ env: "" }'],
    ['has a variable that is a number', '{ env: 3 }'],
  ])("that %s is an error and isn't shown", (_what, value) => {
    const errors = errorsIn(kylin(value), { KYLIN_PASSWORD: 'swordfish' });
    expect(errors).toEqual([
      `${place}expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got something else`,
    ]);
  });

  test('that is missing is an error', () => {
    const expected = `${place}expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got nothing`;
    expect(errorsIn(kylin('~'))).toEqual([expected]);
    expect(errorsIn('systems: [{ id: k, vendor: kylin, url: "http://h", username: u }]')).toEqual([expected]);
  });

  test("under a misspelled key isn't shown", () => {
    const errors = errorsIn('systems: [{ id: k, vendor: kylin, url: "http://h", username: u, pasword: hunter2 }]');
    expect(errors).toContain('systems[0].pasword: unknown key (did you mean "password"?)');
    expect(errors.join()).not.toContain('hunter2');
  });

  test.each([
    ['kinetica', 'token'],
    ['aodocs', 'libraries: [a], securityCode'],
  ])("that no HTTP header can contain is an error of %s and isn't shown", (vendor, key) => {
    const yaml = `systems: [{ id: k, vendor: ${vendor}, url: "http://h", ${key}: { env: SECRET } }]`;
    const errors = errorsIn(yaml, { SECRET: 'hunter2\r\nx-evil: 1' });
    expect(errors).toEqual([expect.stringMatching(/^systems\[0\]\.(token|securityCode): /)]);
    expect(errors.join()).not.toContain('hunter2');
  });
});
