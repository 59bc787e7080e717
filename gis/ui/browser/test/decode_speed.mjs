/** `node test/decode_speed.mjs`: how long one tile of ten thousand grids takes to read. Not a test. */
import { decodeTile } from '../src/decode.js';
import { tileBytes } from './tile.mjs';

const ROUNDS = 30;
const SIDE = 40;

function ring(x, y) {
  const steps = [0, 10, 20, 30];
  return [...steps.map((d) => [x + d, y]), ...steps.map((d) => [x + SIDE, y + d]),
    ...steps.map((d) => [x + SIDE - d, y + SIDE]), [x, y + 20]];
}

const features = Array.from({ length: 10_000 }, (_, i) => ({
  id: 110101001000000 + i, type: 3, lines: [ring((i % 100) * SIDE, Math.floor(i / 100) * SIDE)],
  properties: { kind: i % 7, open: i % 50, name: `n${i % 30}` } }));
const bytes = tileBytes([{ name: 'grids', features }]);
const times = Array.from({ length: ROUNDS }, () => {
  const start = performance.now();
  decodeTile(bytes);
  return performance.now() - start;
}).sort((a, b) => a - b);
console.log(`${bytes.length} bytes: best ${times[0].toFixed(1)} ms, median ${times[ROUNDS / 2].toFixed(1)} ms`);
