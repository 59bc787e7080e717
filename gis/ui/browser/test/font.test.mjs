/** Every character the project writes must be in the font it ships: a missing one is a box on the screen. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { charactersOf } from './woff2.mjs';

const BROWSER = join(dirname(fileURLToPath(import.meta.url)), '..');
const ROOT = join(BROWSER, '../../..');
const FILES = join(BROWSER, 'node_modules/@fontsource/noto-sans-sc/files');

async function textFiles(folder, endings) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((e) => e.isFile() && endings.some((ending) => e.name.endsWith(ending)))
    .map((e) => join(e.parentPath ?? e.path, e.name));
}

/** A dictionary from characters to sounds: looked up in, never shown. */
const NOT_SHOWN = ['data/places/pinyin.csv'];

async function charactersWritten() {
  const files = [...await textFiles(join(ROOT, 'data'), ['.csv']),
    ...await textFiles(join(ROOT, 'gis'), ['.po', '.py']), ...await textFiles(join(ROOT, 'pages'), ['.py'])];
  const where = new Map();
  for (const file of files.filter((name) => !NOT_SHOWN.some((ending) => name.endsWith(ending)))) {
    for (const char of await readFile(file, 'utf8')) if (!where.has(char)) where.set(char, file);
  }
  return where;
}

for (const weight of [400, 700]) {
  test(`the shipped font of weight ${weight} holds every Chinese character of data, catalogues and code`, async () => {
    const held = new Set();
    for (const part of ['chinese-simplified', 'latin']) {
      const bytes = await readFile(join(FILES, `noto-sans-sc-${part}-${weight}-normal.woff2`));
      for (const code of charactersOf(bytes)) held.add(code);
    }
    assert.ok(held.size > 6000, `only ${held.size} characters read`);
    const missing = [...await charactersWritten()].filter(([char]) =>
      /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(char) && !held.has(char.codePointAt(0)));
    assert.deepEqual(missing, []);
  });
}
