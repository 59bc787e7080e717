/** The code points a WOFF2 font holds, from its cmap table (W3C WOFF 2.0, section 4; OpenType cmap 4 and 12). */
import { brotliDecompressSync } from 'node:zlib';

const KNOWN_TAGS = ('cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp '
  + 'hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt '
  + 'avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat '
  + 'Gloc Feat Sill').split(' ');

function tables(bytes) {
  const count = bytes.readUInt16BE(12);
  let at = 48;
  const base128 = () => {
    let value = 0;
    for (;;) {
      const byte = bytes[at++];
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  };
  const found = [];
  for (let i = 0; i < count; i++) {
    const flags = bytes[at++];
    let tag = KNOWN_TAGS[flags & 63];
    if ((flags & 63) === 63) { tag = bytes.toString('latin1', at, at + 4); at += 4; }
    const version = flags >> 6;
    const length = base128();
    const transformed = tag === 'glyf' || tag === 'loca' ? version === 0 : version !== 0;
    found.push({ tag, length: transformed ? base128() : length });
  }
  return { found, data: brotliDecompressSync(bytes.subarray(at, at + bytes.readUInt32BE(20))) };
}

function* format4(cmap, at) {
  const segments = cmap.readUInt16BE(at + 6) / 2;
  for (let i = 0; i < segments; i++) {
    const end = cmap.readUInt16BE(at + 14 + 2 * i);
    const start = cmap.readUInt16BE(at + 16 + 2 * segments + 2 * i);
    for (let code = start; code <= end && code < 0xffff; code++) yield code;
  }
}

function* format12(cmap, at) {
  for (let i = 0; i < cmap.readUInt32BE(at + 12); i++) {
    const group = at + 16 + 12 * i;
    for (let code = cmap.readUInt32BE(group); code <= cmap.readUInt32BE(group + 4); code++) yield code;
  }
}

export function* charactersOf(bytes) {
  const { found, data } = tables(bytes);
  let at = 0;
  for (const table of found) {
    if (table.tag === 'cmap') {
      const cmap = data.subarray(at, at + table.length);
      for (let i = 0; i < cmap.readUInt16BE(2); i++) {
        const start = cmap.readUInt32BE(4 + 8 * i + 4);
        const format = cmap.readUInt16BE(start);
        if (format === 4) yield* format4(cmap, start);
        if (format === 12) yield* format12(cmap, start);
      }
    }
    at += table.length;
  }
}
