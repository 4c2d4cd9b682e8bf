import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLineWriter } from '../../src/output/line-writer.ts';
import { createStandardOutput } from '../../src/output/standard-output.ts';

/** A pipe whose both ends are here, and neither blocks. */
function openPipe() {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-pipe-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  let isReaderOpen = true;
  const closeReader = (): void => {
    if (isReaderOpen) closeSync(reader);
    isReaderOpen = false;
  };
  onTestFinished(() => {
    closeReader();
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  /** What is in the pipe now, at most `count` bytes of it. */
  const read = (count = 1_000_000): string => {
    const bytes = Buffer.alloc(count);
    try {
      return bytes.toString('utf8', 0, readSync(reader, bytes));
    } catch {
      return '';
    }
  };
  return { descriptor, read, closeReader };
}

const logLine = (length: number): string => `{"log":"${'x'.repeat(length - 11)}"}\n`;
const linesOf = (text: string) => text.split('\n').slice(0, -1);

test('append returns when the line is written', () => {
  const { descriptor, read } = openPipe();
  createStandardOutput(descriptor).append('{"audit":1}\n');
  expect(read()).toBe('{"audit":1}\n');
});

test('log lines are gathered, and none is lost at the end', () => {
  const { descriptor, read } = openPipe();
  const output = createStandardOutput(descriptor);
  output.write(logLine(100));
  expect(read()).toBe('');
  output.write(logLine(5_000));
  expect(read()).toBe(logLine(100) + logLine(5_000));
  output.write(logLine(20));
  output.finish();
  expect(read()).toBe(logLine(20));
});

test("with a full pipe, a line that can't be written in full throws, and the next one starts on a new line", () => {
  const { descriptor, read } = openPipe();
  const output = createStandardOutput(descriptor);
  // Into a pipe of 65,536 bytes.
  const taken: string[] = [];
  let written = '';
  for (const number of Array.from({ length: 20 }, (_, index) => index)) {
    const line = `{"number":${number},"text":"${'x'.repeat(5_000)}"}\n`;
    try {
      output.append(line);
      taken.push(line);
    } catch (error) {
      expect(error).toMatchObject({ code: 'EAGAIN' });
      break;
    }
  }
  expect(taken.length).toBeGreaterThan(5);
  written += read();
  output.append('{"number":"after"}\n');
  written += read();
  const whole = linesOf(written).filter((line) => line.endsWith('}'));
  expect(whole).toEqual([...taken.map((line) => line.trimEnd()), '{"number":"after"}']);
  // The torn one is there, and can't be taken for a line.
  expect(linesOf(written)).toHaveLength(whole.length + 1);
});

test('the rest of a log line precedes an audit log entry, and none is dropped once the reader reads again', async () => {
  const { descriptor, read } = openPipe();
  const output = createStandardOutput(descriptor);
  const logged = Array.from({ length: 30 }, (_, number) => `{"number":${number},"text":"${'x'.repeat(5_000)}"}\n`);
  for (const line of logged) output.write(line);
  let written = read(10_000);
  output.append('{"audit":"intent"}\n');
  const readOfLog = () => {
    written += read();
    return linesOf(written).filter((line) => line !== '{"audit":"intent"}').length;
  };
  await expect.poll(readOfLog, { interval: 20 }).toBe(logged.length);
  const lines = linesOf(written);
  for (const line of lines) JSON.parse(line);
  expect(lines.filter((line) => line !== '{"audit":"intent"}')).toEqual(logged.map((line) => line.trimEnd()));
  expect(lines.indexOf('{"audit":"intent"}')).toBeLessThan(lines.length - 1);
});

test('waits for a stopped reader once, not for each line', () => {
  const { descriptor } = openPipe();
  const output = createStandardOutput(descriptor);
  const big = logLine(70_000);
  expect(() => output.append(big)).toThrow('EAGAIN');
  const startedAtMs = performance.now();
  for (let each = 0; each < 200; each += 1) expect(() => output.append('{}\n')).toThrow('EAGAIN');
  // Each alone would take 100 ms.
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
});

test('while nothing is read, a limited part of the log waits, and a line reports how many were dropped', async () => {
  const { descriptor, read } = openPipe();
  const output = createStandardOutput(descriptor);
  for (let each = 0; each < 2_000; each += 1) output.write(logLine(1_000));
  let written = '';
  const readMore = () => {
    written += read();
    return written;
  };
  await expect.poll(readMore, { interval: 5, timeout: 30_000 }).toContain('dropped');
  const lines = linesOf(written).map((line) => JSON.parse(line));
  const { dropped } = lines.at(-1);
  expect(dropped).toBeGreaterThan(800);
  expect(lines.length - 1 + dropped).toBe(2_000);
});

test('without a reader, the line throws, the log is silent, and the process continues', () => {
  const { descriptor, closeReader } = openPipe();
  const output = createStandardOutput(descriptor);
  closeReader();
  expect(() => output.append('{}\n')).toThrow('EPIPE');
  for (let each = 0; each < 100; each += 1) output.write(logLine(1_000));
  output.finish();
});

test('with a full disk, a truncated line ends with a newline before the next line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lines');
  // The limit of the process on a file's size fails as a disk does: a part is written, and then nothing.
  const script = `
    import { openSync, writeFileSync } from 'node:fs';
    import { createLineWriter } from ${JSON.stringify(new URL('../../src/output/line-writer.ts', import.meta.url).href)};
    const writer = createLineWriter(openSync(process.argv[1], 'a'));
    const results = [];
    for (let number = 0; number < 5; number += 1) {
      try {
        writer.append(JSON.stringify({ number, text: 'x'.repeat(400) }) + '\\n', 0);
        results.push('written');
      } catch (error) {
        results.push(error.code);
      }
    }
    console.log(JSON.stringify(results));
  `;
  const limited = ['--fsize=1024', process.execPath, '--input-type=module', '-e', script, file];
  expect(JSON.parse(execFileSync('prlimit', limited, { encoding: 'utf8' }))).toEqual(['written', 'written', 'EFBIG', 'EFBIG', 'EFBIG']);
  const torn = readFileSync(file, 'utf8');
  expect(torn).toHaveLength(1024);
  expect(torn.split('\n')).toHaveLength(3);

  // Space again, in another process.
  const descriptor = openSync(file, 'a');
  createLineWriter(descriptor, true).append('{"number":"after"}\n', 0);
  closeSync(descriptor);
  const lines = linesOf(readFileSync(file, 'utf8'));
  expect(lines.map((line) => line.endsWith('}'))).toEqual([true, true, false, true]);
});

test('a file that ends without a newline gets one first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-half-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lines');
  writeFileSync(file, '{"half":');
  const descriptor = openSync(file, 'a');
  const writer = createLineWriter(descriptor, true);
  writer.append('{"a":1}\n', 0);
  writer.append('{"a":2}\n', 0);
  closeSync(descriptor);
  expect(readFileSync(file, 'utf8')).toBe('{"half":\n{"a":1}\n{"a":2}\n');
});
