/**
 * Makes dist/: everything the browser loads from /assets. Every file is listed in dist/manifest.json with a
 * hash of its content, so that pages can ask for "leaflet.js?v=<hash>" and browsers may keep it for ever.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const READY = join(HERE, 'dist');
const DIST = join(HERE, 'dist.new'); // built beside the old one, so that a running server never misses a file
const WORN = join(HERE, 'dist.old');
const MODULES = join(HERE, 'node_modules');
const FONT = '@fontsource/noto-sans-sc';
const WEIGHTS = [400, 700];
// letters only: Chinese quotation marks, dashes and dots share code points with Latin ones and must stay wide
const LATIN = 'U+0000-00FF,U+0131,U+0152-0153,U+20AC,U+2122';

const COPIES = [
  ['leaflet/dist/leaflet.js', 'leaflet.js'],
  ['leaflet/dist/leaflet.css', 'leaflet.css'],
  ['leaflet/dist/images', 'images'],
  ...WEIGHTS.flatMap((weight) => [
    [`${FONT}/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff2`, `fonts/noto-sans-sc-${weight}.woff2`],
    [`${FONT}/files/noto-sans-sc-latin-${weight}-normal.woff2`, `fonts/noto-sans-sc-latin-${weight}.woff2`],
  ]),
];

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

function fontFace(weight, file, range) {
  return `@font-face {\n  font-family: "Noto Sans SC";\n  font-weight: ${weight};\n  font-display: swap;\n`
    + `  src: url("${file}") format("woff2");\n${range ? `  unicode-range: ${range};\n` : ''}}\n`;
}

/**
 * The Latin file comes last: among faces that both hold a character the last one wins. No version in the address:
 * Streamlit's page names the same files in its settings, and a second address would load a megabyte twice.
 */
function fontStyles() {
  const parts = [];
  for (const weight of WEIGHTS) {
    for (const [name, range] of [[`noto-sans-sc-${weight}`, ''], [`noto-sans-sc-latin-${weight}`, LATIN]]) {
      parts.push(fontFace(weight, `fonts/${name}.woff2`, range));
    }
  }
  return parts.join('');
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile())
    .map((entry) => relative(DIST, join(entry.parentPath ?? entry.path, entry.name))).sort();
}

/** An address outside would leave the map broken on a closed network: stop the build instead. */
async function refuseOutsideAddresses(files) {
  for (const file of files.filter((name) => name.endsWith('.css'))) {
    const text = await readFile(join(DIST, file), 'utf8');
    const outside = text.match(/(url\(\s*['"]?|@import\s+['"]?)(https?:)?\/\/[^)'"\s]+/i);
    if (outside) throw new Error(`${file} asks an address outside: ${outside[0]}`);
  }
}

async function main() {
  await rm(DIST, { recursive: true, force: true });
  await mkdir(join(DIST, 'fonts'), { recursive: true });
  for (const [from, to] of COPIES) await cp(join(MODULES, from), join(DIST, to), { recursive: true });
  await writeFile(join(DIST, 'fonts.css'), fontStyles());
  await cp(join(HERE, 'src/map.css'), join(DIST, 'map.css'));
  await build({
    entryPoints: { 'wanmi-layer': join(HERE, 'src/index.js'), workbench: join(HERE, 'src/workbench.js'),
      print: join(HERE, 'src/print.js') },
    outdir: DIST, bundle: true, format: 'iife', minify: true, target: 'es2022', logLevel: 'warning',
    loader: { '.css': 'text' }, // the workbench brings its style along: a map never measures a room without walls
  });
  const files = await filesIn(DIST);
  await refuseOutsideAddresses(files);
  const manifest = {};
  for (const file of files) manifest[file] = hashOf(await readFile(join(DIST, file)));
  await writeFile(join(DIST, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  await rm(WORN, { recursive: true, force: true });
  await rename(READY, WORN).catch(() => {}); // two renames and no gap: emptying a folder takes long enough to be noticed
  await rename(DIST, READY);
  await rm(WORN, { recursive: true, force: true });
  console.log(`dist: ${files.length} files`);
}

await main();
