import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startSandboxed } from '../sandboxed/start.ts';

/** `npm run bench -- console`: when the console shows rows, and how it scrolls. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '10000' },
    repetitions: { type: 'string', default: '5' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const repetitions = Number(values.repetitions);
const frameMs = 1000 / 60;
const frames = 300;
/** Faster than a wheel: 15,000 pixels a second. */
const wheelRows = 8;
const workDirectory = mkdtempSync(join(tmpdir(), 'jobyard-bench-console-'));
const { origin, stop } = await startSandboxed({ jobs: Number(values.jobs), store: join(workDirectory, 'data'), workDirectory });
const address = `${origin}/console/jobs?since=all`;
const browser = await chromium.launch({
  executablePath: values.browser,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

const firstVisits: number[] = [];
const laterVisits: number[] = [];
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  const page = await openPage(browser);
  firstVisits.push(await measureVisit(page));
  laterVisits.push(await measureVisit(page));
  await page.context().close();
}
const page = await openPage(browser);
await page.goto(address);
const rows = await loadAllRows(page);
const wheel: Scroll[] = [];
const drag: Scroll[] = [];
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  wheel.push(await measureScroll(page, Math.min(1, (wheelRows * frames) / rows)));
  drag.push(await measureScroll(page, 1));
}
process.stdout.write(`rows shown, from the start of the navigation
  first visit  ${describe(firstVisits, 'ms')}
  later visits ${describe(laterVisits, 'ms')}
${describeScrolls(`a list of ${rows} rows, scrolled by ${wheelRows} rows a frame`, wheel)}
${describeScrolls(`the same list from its start to its end in ${frames} frames`, drag)}
`);
await browser.close();
await stop();
rmSync(workDirectory, { recursive: true });
process.exit();

interface Scroll {
  medianMs: number;
  p95Ms: number;
  /** The share of frames that came at most one frame after the one before, with half a frame's tolerance. */
  inTime: number;
  /** The time of the main thread for each frame. */
  taskMs: number;
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return context.newPage();
}

/** Milliseconds from the navigation until the first row is painted. */
async function measureVisit(page: Page): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' });
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const check = (): void => {
          if (document.querySelector('[data-id]')) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          else requestAnimationFrame(check);
        };
        check();
      }),
  );
}

/** Scrolls to the end until the console has read all pages. Returns the number of rows. */
async function loadAllRows(page: Page): Promise<number> {
  const grid = page.getByRole('grid');
  await page.locator('[data-id]').first().waitFor();
  for (;;) {
    const rowsWithHead = Number(await grid.getAttribute('aria-rowcount'));
    if (rowsWithHead >= 0) return rowsWithHead - 1;
    await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(50);
  }
}

/** Scrolls down this share of the list, by the same distance in each frame. */
async function measureScroll(page: Page, share: number): Promise<Scroll> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const readTaskMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const before = await readTaskMs();
  const scroll = async (element: Element, [count, share]: [number, number]): Promise<number[]> => {
    const intervals: number[] = [];
    const distance = element.scrollHeight * share;
    let last = await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < count; frame += 1) {
      element.scrollTop = (distance / count) * frame;
      const at = await new Promise(requestAnimationFrame);
      intervals.push(at - last);
      last = at;
    }
    return intervals.sort((a, b) => a - b);
  };
  const times = await page.getByRole('grid').evaluate(scroll, [frames, share] as [number, number]);
  const after = await readTaskMs();
  await session.detach();
  const quantile = (of: number): number => times[Math.floor(times.length * of)] ?? 0;
  return {
    medianMs: quantile(0.5),
    p95Ms: quantile(0.95),
    inTime: times.filter((ms) => ms < frameMs * 1.5).length / times.length,
    taskMs: (after - before) / frames,
  };
}

/** The median, with the lowest and the highest. */
function describe(figures: readonly number[], unit: string): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const show = (figure: number | undefined): string => (figure ?? 0).toFixed(1);
  return `${show(sorted[Math.floor(sorted.length / 2)])} ${unit} (${show(sorted[0])} to ${show(sorted.at(-1))})`;
}

function describeScrolls(title: string, scrolls: readonly Scroll[]): string {
  const line = (name: string, unit: string, pick: (scroll: Scroll) => number): string =>
    `  ${name.padEnd(12)} ${describe(scrolls.map(pick), unit)}`;
  return [
    title,
    line('frame', 'ms', ({ medianMs }) => medianMs),
    line('p95', 'ms', ({ p95Ms }) => p95Ms),
    line('in time', '%', ({ inTime }) => inTime * 100),
    line('main thread', 'ms a frame', ({ taskMs }) => taskMs),
  ].join('\n');
}
