/**
 * Vector tile bytes → flat arrays.
 *
 * A tile may carry ten thousand features and is repainted on every change of style, value or selection.
 * Objects per vertex would cost ten times the memory and most of the repaint, so geometry is kept in one
 * Int32Array per source layer and attributes in one array per column.
 */
import { PbfReader } from 'pbf';
import { VectorTile } from '@mapbox/vector-tile';

export const POINT = 1;
export const LINE = 2;
export const POLYGON = 3;

/**
 * One named layer of a tile.
 *
 * Feature i owns the rings (or lines, or points) `rings[i] .. rings[i + 1] - 1`; ring r owns the vertices
 * `vertices[r] .. vertices[r + 1] - 1`; vertex v stands at `coords[2v], coords[2v + 1]` in tile units
 * (0 .. extent, y downwards). Polygon rings are stored without the closing vertex.
 */
export class SourceLayer {
  constructor(name, extent, length) {
    this.name = name;
    this.extent = extent;
    this.length = length;
    this.ids = new Array(length);
    this.types = new Uint8Array(length);
    this.boxes = new Int32Array(length * 4);
    this.rings = new Uint32Array(length + 1);
    this.vertices = new Uint32Array(0);
    this.coords = new Int32Array(0);
    this.columns = new Map();
  }

  /** Attribute `key` of feature `index`, or undefined. */
  get(index, key) {
    const column = this.columns.get(key);
    return column === undefined ? undefined : column[index];
  }

  /** All attributes of one feature as a plain object. */
  properties(index) {
    const found = {};
    for (const [key, column] of this.columns) {
      if (column[index] !== undefined) found[key] = column[index];
    }
    return found;
  }
}

function storeGeometry(layer, index, lines, vertices, coords) {
  const closed = layer.types[index] === POLYGON;
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    const count = closed ? line.length - 1 : line.length;
    for (let i = 0; i < count; i++) {
      const { x, y } = line[i];
      coords.push(x, y);
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < north) north = y;
      if (y > south) south = y;
    }
    vertices.push(coords.length / 2);
  }
  layer.rings[index + 1] = vertices.length - 1;
  layer.boxes.set([west, north, east, south], index * 4);
}

function storeProperties(layer, index, properties) {
  for (const key in properties) {
    let column = layer.columns.get(key);
    if (column === undefined) {
      column = new Array(layer.length);
      layer.columns.set(key, column);
    }
    column[index] = properties[key];
  }
}

function decodeLayer(source) {
  const layer = new SourceLayer(source.name, source.extent, source.length);
  const vertices = [0];
  const coords = [];
  for (let index = 0; index < source.length; index++) {
    const feature = source.feature(index);
    layer.ids[index] = feature.id;
    layer.types[index] = feature.type;
    storeProperties(layer, index, feature.properties);
    storeGeometry(layer, index, feature.loadGeometry(), vertices, coords);
  }
  layer.vertices = Uint32Array.from(vertices);
  layer.coords = Int32Array.from(coords);
  return layer;
}

/**
 * Decode one tile.
 *
 * @param {ArrayBuffer|Uint8Array} bytes  a Mapbox Vector Tile (version 2), not compressed
 * @returns {Map<string, SourceLayer>} by layer name; empty for an empty tile. Throws on malformed bytes.
 */
export function decodeTile(bytes) {
  const tile = new VectorTile(new PbfReader(new Uint8Array(bytes)));
  const layers = new Map();
  for (const name of Object.keys(tile.layers)) layers.set(name, decodeLayer(tile.layers[name]));
  return layers;
}
