/**
 * Vector tile bytes → flat arrays.
 *
 * A tile may carry ten thousand features and is repainted on every change of style, value or range. Objects
 * per vertex or per attribute would cost ten times the memory and most of the repaint, so the bytes are read
 * straight into typed arrays: one of coordinates per source layer, one of value numbers per attribute.
 *
 * Measured (node 20, 10,000 squares of 13 vertices, three attributes, 530 kB; best of 30, test/decode_speed.mjs):
 * @mapbox/vector-tile, an object per vertex: 21 ms; this: 3.2 ms.
 */
import { PbfReader } from 'pbf';

export const POINT = 1;
export const LINE = 2;
export const POLYGON = 3;

const MOVE_TO = 1;
const LINE_TO = 2;
const CLOSE = 7;
const SMALL = 32000; // what an Int16Array holds, with room

/**
 * One named layer of a tile.
 *
 * Feature i owns the rings (or lines, or points) `rings[i] .. rings[i + 1] - 1`; ring r owns the vertices
 * `vertices[r] .. vertices[r + 1] - 1`; vertex v stands at `coords[2v], coords[2v + 1]` in tile units
 * (0 .. extent, y downwards). Polygon rings are stored without the closing vertex.
 *
 * `values` holds every attribute value of the layer once; `columns.get(key)[i]` is the number of feature i's
 * value there, counted from 1, or 0 for none. What depends on an attribute is so worked out once per value.
 */
export class SourceLayer {
  constructor(name, extent, length) {
    this.name = name;
    this.extent = extent;
    this.length = length;
    this.ids = new Float64Array(length).fill(NaN);
    this.types = new Uint8Array(length);
    this.boxes = new Int32Array(length * 4);
    this.rings = new Uint32Array(length + 1);
    this.vertices = new Uint32Array(0);
    this.coords = new Int16Array(0);
    this.values = [];
    this.columns = new Map();
  }

  /** Attribute `key` of feature `index`, or undefined. */
  get(index, key) {
    const column = this.columns.get(key);
    return column === undefined || column[index] === 0 ? undefined : this.values[column[index] - 1];
  }

  /** Id of feature `index`, or undefined. */
  id(index) {
    const id = this.ids[index];
    return Number.isNaN(id) ? undefined : id;
  }

  /** All attributes of one feature as a plain object. */
  properties(index) {
    const found = {};
    for (const [key, column] of this.columns) {
      if (column[index] !== 0) found[key] = this.values[column[index] - 1];
    }
    return found;
  }
}

function readValue(pbf) {
  const end = pbf.readVarint() + pbf.pos;
  let value;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 10) value = pbf.readString();
    else if (tag === 21) value = pbf.readFloat();
    else if (tag === 25) value = pbf.readDouble();
    else if (tag === 32) value = pbf.readVarint(true);
    else if (tag === 40) value = pbf.readVarint();
    else if (tag === 48) value = pbf.readSVarint();
    else if (tag === 56) value = pbf.readBoolean();
    else pbf.skip(tag);
  }
  if (value === undefined) throw new Error('attribute value without a known type');
  return value;
}

/** Name, extent, attribute tables and the place of each feature; features are read once these are known. */
function readHead(pbf, end) {
  const head = { name: '', extent: 4096, features: [], keys: [], values: [] };
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 10) head.name = pbf.readString();
    else if (tag === 18) {
      head.features.push(pbf.pos);
      pbf.skip(tag);
    } else if (tag === 26) head.keys.push(pbf.readString());
    else if (tag === 34) head.values.push(readValue(pbf));
    else if (tag === 40) head.extent = pbf.readVarint();
    else pbf.skip(tag);
  }
  return head;
}

/** Reads the features of one layer into shared working space, which is cut to size at the end. */
class FeatureReader {
  constructor(pbf, head, space) {
    this.pbf = pbf;
    this.head = head;
    this.layer = new SourceLayer(head.name, head.extent, head.features.length);
    this.layer.values = head.values;
    this.columns = new Array(head.keys.length).fill(null);
    this.coords = space.coords;
    this.vertices = space.vertices;
    this.used = 0; // of coords
    this.ringCount = 0;
    this.vertices[0] = 0;
  }

  read() {
    const { pbf, head, layer } = this;
    head.features.forEach((at, index) => {
      pbf.pos = at;
      const end = pbf.readVarint() + pbf.pos;
      this.feature(index, end);
    });
    layer.vertices = this.vertices.slice(0, this.ringCount + 1);
    const Kind = this.isSmall() ? Int16Array : Int32Array;
    layer.coords = Kind.from(this.coords.subarray(0, this.used));
    return layer;
  }

  isSmall() {
    const { boxes } = this.layer;
    for (let i = 0; i < boxes.length; i++) if (boxes[i] > SMALL || boxes[i] < -SMALL) return false;
    return true;
  }

  feature(index, end) {
    const { pbf, layer } = this;
    let geometry = -1;
    while (pbf.pos < end) {
      const tag = pbf.readVarint();
      if (tag === 8) layer.ids[index] = pbf.readVarint();
      else if (tag === 18) this.attributes(index);
      else if (tag === 24) layer.types[index] = pbf.readVarint();
      else if (tag === 34) {
        geometry = pbf.pos;
        pbf.skip(tag);
      } else pbf.skip(tag);
    }
    if (geometry < 0) throw new Error('feature without a geometry');
    pbf.pos = geometry;
    this.geometry(index, layer.types[index] === POINT);
    layer.rings[index + 1] = this.ringCount;
  }

  attributes(index) {
    const { pbf, head } = this;
    const end = pbf.readVarint() + pbf.pos;
    while (pbf.pos < end) {
      const key = pbf.readVarint();
      const value = pbf.readVarint();
      if (key >= head.keys.length || value >= head.values.length) throw new Error('attribute outside its table');
      (this.columns[key] ??= this.column(head.keys[key]))[index] = value + 1;
    }
  }

  column(name) {
    const Kind = this.head.values.length < 65535 ? Uint16Array : Uint32Array;
    const column = new Kind(this.layer.length);
    this.layer.columns.set(name, column);
    return column;
  }

  geometry(index, isPoint) {
    const { pbf, coords } = this;
    const end = pbf.readVarint() + pbf.pos;
    let { used } = this;
    let [x, y, west, north, east, south] = [0, 0, Infinity, Infinity, -Infinity, -Infinity];
    while (pbf.pos < end) {
      const command = pbf.readVarint();
      const kind = command & 7;
      if (kind === CLOSE) continue; // rings close themselves
      if (kind !== MOVE_TO && kind !== LINE_TO) throw new Error(`unknown command ${kind}`);
      for (let left = command >> 3; left > 0; left--) {
        const dx = pbf.readVarint();
        const dy = pbf.readVarint();
        x += (dx >>> 1) ^ -(dx & 1);
        y += (dy >>> 1) ^ -(dy & 1);
        if (kind === MOVE_TO && used > this.startOfRing()) this.endRing(used);
        coords[used++] = x;
        coords[used++] = y;
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < north) north = y;
        if (y > south) south = y;
        if (isPoint) this.endRing(used);
      }
    }
    if (used > this.startOfRing()) this.endRing(used);
    this.used = used;
    this.layer.boxes.set([west, north, east, south], index * 4);
  }

  startOfRing() {
    return 2 * this.vertices[this.ringCount];
  }

  endRing(used) {
    this.vertices[++this.ringCount] = used / 2;
  }
}

/** Working space of one size for all tiles: a new one for each would be garbage of megabytes a second. */
let space = { coords: new Int32Array(0), vertices: new Uint32Array(1) };

function spaceFor(bytes) {
  // each coordinate takes at least one byte
  if (space.coords.length < bytes) space = { coords: new Int32Array(bytes), vertices: new Uint32Array(bytes + 1) };
  return space;
}

/**
 * Decode one tile.
 *
 * @param {ArrayBuffer|Uint8Array} bytes  a Mapbox Vector Tile (version 2), not compressed
 * @returns {Map<string, SourceLayer>} by layer name; empty for an empty tile. Throws on malformed bytes.
 */
export function decodeTile(bytes) {
  const pbf = new PbfReader(new Uint8Array(bytes));
  const layers = new Map();
  while (pbf.pos < pbf.length) {
    const tag = pbf.readVarint();
    if (tag !== 26) { pbf.skip(tag); continue; }
    const end = pbf.readVarint() + pbf.pos;
    if (end > pbf.length) throw new Error('tile ends too early');
    const head = readHead(pbf, end);
    if (head.features.length) layers.set(head.name, new FeatureReader(pbf, head, spaceFor(pbf.length)).read());
    pbf.pos = end;
  }
  return layers;
}
