import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createRedactor, redactLogLine } from '../../src/secrets/redactor.ts';
import { anySecret, encodings, formsIn } from './forms-of-secrets.ts';

const names = Object.keys(encodings);
const aText = fc.constantFrom('', 'Bad request: ', 'user=ada&password=', '{"p":"', 'Authorization: Basic ', '100 % of it: ', 'é ');
const anEnd = fc.constantFrom('', ' was refused', '&next=1', '"}', '.', '41 %', ' 🙂');

describe('every form of a secret', () => {
  test.each(names)('%s, anywhere in a text', (name) => {
    const encode = encodings[name] as (text: string) => string;
    fc.assert(
      fc.property(anySecret, aText, anEnd, (secret, before, after) => {
        const shown = createRedactor([secret]).redactText(before + encode(secret) + after);
        expect(formsIn(shown, secret)).toEqual([]);
        expect(shown).toContain('…');
      }),
      { numRuns: 60 },
    );
  });

  test('within another encoding', () => {
    fc.assert(
      fc.property(anySecret, fc.constantFrom(...names), fc.constantFrom('json', 'percent', 'html', 'form'), (secret, inner, outer) => {
        const encode = (name: string, text: string): string => (encodings[name] as (text: string) => string)(text);
        const shown = createRedactor([secret]).redactText(encode(outer, `words ${encode(inner, secret)} words`));
        expect(formsIn(shown, secret)).toEqual([]);
        expect(shown).not.toContain(encode(outer, encode(inner, secret)));
      }),
      { numRuns: 300 },
    );
  });

  test('with the whitespace around it trimmed and inside it collapsed', () => {
    const redactor = createRedactor(['  open \t sesame  please ']);
    expect(redactor.redactText('It was "open sesame please".')).toBe('It was "…".');
    expect(redactor.redactText('It was "open \t sesame  please".')).toBe('It was "…".');
  });

  test('line by line, of one with several lines', () => {
    const redactor = createRedactor(['-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n']);
    expect(redactor.redactText('unreadable: MIIEvQIBADANBgkq')).toBe('unreadable: …');
  });
});

describe('a truncated secret', () => {
  test.each([4, 8, 11])('after %i characters', (length) => {
    const redactor = createRedactor(['pass"wörd 99']);
    const cut = 'pass"wörd 99'.slice(0, length);
    expect(redactor.redactText(`You sent ${cut}…`)).toBe('You sent …');
    expect(redactor.redactText(`"You sent ${cut}…".`)).toBe('"You sent …".');
    expect(redactor.redactText(`You sent ${JSON.stringify(cut).slice(1, -1)}…`)).toBe('You sent …');
  });

  test('within an escape', () => {
    const redactor = createRedactor(['pass"wörd 99']);
    expect(redactor.redactText('/login?p=pass%22w%C3%…')).toBe('/login?p=…');
    expect(redactor.redactText('{"p":"pass\\u0022w\\u00…')).toBe('{"p":"…');
  });

  test('before each of many marks', () => {
    const redactor = createRedactor(['pass"wörd 99', 'correct-horse']);
    const cuts = 'pass"w… corr… correct-hors… words… ';
    expect(redactor.redactText(cuts.repeat(2_000))).toBe('… … … words… '.repeat(2_000));
  });

  test('leaves other truncated texts unchanged', () => {
    expect(createRedactor(['hunter2hunter2']).redactText('Nightly load of hun…')).toBe('Nightly load of hun…');
  });
});

describe('short secrets', () => {
  test('of up to 3 characters are found as whole words', () => {
    const redactor = createRedactor(['abc', '7']);
    expect(redactor.redactText('abc, "abc" and abcd of 17 or 7')).toBe('…, "…" and abcd of 17 or …');
  });

  test('of 4 characters and more are found within words', () => {
    expect(createRedactor(['abcd']).redactText('xabcdx')).toBe('x…x');
  });

  test('of Base64 that HTTP Basic makes of them are found by the pair', () => {
    const redactor = createRedactor(['abc', 'ada:abc']);
    expect(redactor.redactText('Basic YWRhOmFiYw==')).toBe('Basic …');
  });
});

describe('identifiers', () => {
  const redactor = createRedactor(['hunter2', 'correct-horse', '1234']);

  test.each([
    ['job-correct-horse-7', true],
    ['xcorrect-horsex', true],
    ['Y29ycmVjdC1ob3JzZQ', true],
    ['job-hunter2-7', true],
    ['xhunter2x', false],
    ['12345678', false],
    ['7-1234', true],
    ['', false],
  ])('%s: %s', (identifier, expected) => {
    expect(redactor.isInIdentifier(identifier)).toBe(expected);
  });
});

describe('data', () => {
  test('is redacted in texts, names, and numbers at any depth', () => {
    const redactor = createRedactor(['correct horse', '90210-7777', '1234567890']);
    expect(
      redactor.redactData({
        'the correct horse': ['correct horse', { a: 'is "correct\\u0020horse"' }],
        n: 1_234_567_890,
        m: 42,
        none: null,
        yes: true,
      }),
    ).toEqual({ 'the …': ['…', { a: 'is "…"' }], n: '…', m: 42, none: null, yes: true });
  });

  test('that is JSON in a text is redacted', () => {
    const redactor = createRedactor(['say "when"']);
    expect(redactor.redactText(JSON.stringify({ a: JSON.stringify({ p: 'say "when"' }) }))).toBe('{"a":"{\\"p\\":\\"…\\"}"}');
  });

  test('that is nested too deep is replaced by a text', () => {
    let deep: unknown = 'correct horse';
    for (let depth = 0; depth < 10_000; depth += 1) deep = [deep];
    expect(JSON.stringify(createRedactor(['correct horse']).redactData(deep))).not.toContain('correct');
  });
});

describe('the secrets of a redactor', () => {
  test('may overlap: both are removed completely', () => {
    expect(createRedactor(['open-sesame', 'sesame-street']).redactText('say open-sesame-street now')).toBe('say … now');
  });

  test('can be added during use, and earlier ones stay', () => {
    const redactor = createRedactor(['first-secret']);
    redactor.add('other');
    redactor.learn('session-0123456789');
    expect(redactor.redactText('first-secret other session-0123456789')).toBe('… … …');
  });

  test('that are learned are forgotten after a hundred newer ones, configured ones never', () => {
    const redactor = createRedactor(['configured-secret']);
    for (let index = 0; index < 300; index += 1) redactor.learn(`session-${index}-${index}`);
    expect(redactor.redactText('configured-secret session-0-0 session-299-299')).toBe('… session-0-0 …');
  });

  test('that are learned of one source stay, however many those of another are', () => {
    const redactor = createRedactor();
    redactor.learnFrom?.('vault session', 'session-of-vault');
    for (let index = 0; index < 300; index += 1) redactor.learnFrom?.('kylin cookie', `cookie-${index}-${index}`);
    expect(redactor.redactText('session-of-vault cookie-0-0 cookie-299-299')).toBe('… cookie-0-0 …');
  });

  test('that are learned again are the latest again', () => {
    const redactor = createRedactor();
    for (let index = 0; index < 300; index += 1) {
      redactor.learn('session-in-use');
      redactor.learn(`session-${index}-${index}`);
    }
    expect(redactor.redactText('session-in-use session-0-0')).toBe('… session-0-0');
  });

  test("of a caller are known to that call's redactor only", () => {
    const redactor = createRedactor(['configured-secret']);
    const own = redactor.with('ya29.of-a-caller');
    expect(own.redactText('configured-secret ya29.of-a-caller')).toBe('… …');
    expect(redactor.redactText('configured-secret ya29.of-a-caller')).toBe('… ya29.of-a-caller');
    redactor.learn('session-0123456789');
    expect(own.redactText('session-0123456789')).toBe('…');
  });
});

test('a log line is redacted with the causes of its error, and stays JSON', () => {
  const lines: string[] = [];
  const redactor = createRedactor(['p"ss\\word 1']);
  const logger = pino({ hooks: { streamWrite: redactor.redactText } }, { write: (line: string) => void lines.push(line) });
  const cause = Object.assign(new Error('sent p%22ss%5Cword+1'), { input: 'postgres://ada:p%22ss%5cword%201@host/db' });
  logger.error({ err: new Error('no p"ss\\word 1', { cause }), who: { 'p"ss\\word 1': 1 } }, 'bug p"ss\\word 1');
  const line = lines.join('');
  expect(formsIn(line, 'p"ss\\word 1')).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({ msg: 'bug …', who: { '…': 1 } });
});

test('texts without a secret stay unchanged', () => {
  const redactor = createRedactor(['Xk7#pQ!z', 'correct horse battery']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      expect(redactor.redactText(text)).toBe(text);
    }),
  );
  for (const text of ['100 % of R&D', 'C:\\temp\\new', '%41%42 &amp; \\u0041', 'cut…']) expect(redactor.redactText(text)).toBe(text);
});

test('a long text full of escapes takes no longer than a short one', () => {
  const redactor = createRedactor(['correct horse battery']);
  const text = redactor.redactText('%25\\u0025&amp;'.repeat(1_000_000));
  expect(text.length).toBeLessThan(200_000);
});

describe('log lines', () => {
  test('stay whole JSON lines, whatever is redacted', () => {
    const redactor = createRedactor(['2345', 'two"words']);
    const lines = [
      { time: 1_234_567_890_123, msg: 'the password is 2345' },
      { time: 1, msg: `${'a "quoted" word, '.repeat(10_000)}two"words` },
      { time: 1, results: Array.from({ length: 2_000 }, () => ({ message: `refused "with" ${'x'.repeat(60)}` })) },
    ].map((entry) => redactLogLine(`${JSON.stringify(entry)}\n`, redactor));
    for (const line of lines) expect(line).toMatch(/^[^\n]+\n$/);
    const [first, , third] = lines.map((line) => JSON.parse(line));
    expect(first).toEqual({ time: 1_234_567_890_123, msg: 'the password is …' });
    expect(third.results).toHaveLength(2_000);
    expect(lines.join('')).not.toContain('words');
  });
});

test('a long run of Base64 is scanned once, however often it contains a secret', () => {
  const pair = Buffer.from('somebody:a-long-password').toString('base64');
  // Walked at each of them, it would take hours.
  expect(createRedactor(['somebody:a-long-password']).redactText(`x ${pair.repeat(50_000)} y`)).toBe('x … y');
}, 20_000);
