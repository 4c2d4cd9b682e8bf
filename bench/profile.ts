import { readFileSync } from 'node:fs';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Where the time was spent, without what was called from there: by package or folder, and by function. */
export function summarise(file: string, title: string): string {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const frameById = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byPackage = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const frame = frameById.get(id);
    if (!frame || frame.functionName === '(idle)') return;
    const time = timeDeltas[index] ?? 0;
    total += time;
    add(byFunction, nameOf(frame), time);
    add(byPackage, packageOf(frame), time);
  });
  return [`Self time, ${title}`, ...top(byPackage, 12, total), '', ...top(byFunction, 20, total), ''].join('\n');
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

function top(times: Map<string, number>, count: number, total: number): string[] {
  const most = [...times].sort(([, a], [, b]) => b - a).slice(0, count);
  return most.map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}`);
}

type Frame = CpuProfile['nodes'][number]['callFrame'];

function placeOf({ url }: Frame): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^file:\/\/.*\/(src|bench)\//, '$1/');
}

function packageOf(frame: Frame): string {
  const place = placeOf(frame);
  if (place === '') return frame.functionName.startsWith('(') ? frame.functionName : 'built in (sockets, RegExp, JSON)';
  if (/^node:internal\/(modules|bootstrap)/.test(place)) return 'starting: loading modules';
  if (place.startsWith('node:')) return 'node';
  return place.split('/', place.startsWith('@') || place.startsWith('src/') ? 2 : 1).join('/');
}

function nameOf(frame: Frame): string {
  const name = frame.functionName || '(anonymous)';
  const place = placeOf(frame);
  return place === '' ? name : `${name}  ${place}:${frame.lineNumber + 1}`;
}
