/** A vector tile written by hand: layers of { name, extent, features: [{ id, type, lines, properties }] }. */
import { PbfWriter } from 'pbf';

const zigzag = (n) => (n << 1) ^ (n >> 31);

function geometryOf({ type, lines }) {
  const commands = [];
  let [x, y] = [0, 0];
  const move = ([nx, ny]) => { commands.push(zigzag(nx - x), zigzag(ny - y)); [x, y] = [nx, ny]; };
  for (const line of lines) {
    commands.push((1 << 3) | 1);
    move(line[0]);
    if (line.length > 1) commands.push(((line.length - 1) << 3) | 2);
    line.slice(1).forEach(move);
    if (type === 3) commands.push((1 << 3) | 7);
  }
  return commands;
}

function writeFeature({ feature, tags }, pbf) {
  if (feature.id !== undefined) pbf.writeVarintField(1, feature.id);
  pbf.writePackedVarint(2, tags);
  pbf.writeVarintField(3, feature.type);
  pbf.writePackedVarint(4, geometryOf(feature));
}

function writeValue(value, pbf) {
  if (typeof value === 'string') pbf.writeStringField(1, value);
  else if (typeof value === 'boolean') pbf.writeBooleanField(7, value);
  else if (Number.isInteger(value) && value >= 0) pbf.writeVarintField(5, value);
  else pbf.writeDoubleField(3, value);
}

function tagsOf(properties, keys, values) {
  return Object.entries(properties ?? {}).flatMap(([key, value]) => {
    if (!keys.includes(key)) keys.push(key);
    if (!values.includes(value)) values.push(value);
    return [keys.indexOf(key), values.indexOf(value)];
  });
}

function writeLayer({ name, extent = 4096, features }, pbf) {
  const keys = [];
  const values = [];
  pbf.writeVarintField(15, 2);
  pbf.writeStringField(1, name);
  for (const feature of features) {
    pbf.writeMessage(2, writeFeature, { feature, tags: tagsOf(feature.properties, keys, values) });
  }
  keys.forEach((key) => pbf.writeStringField(3, key));
  values.forEach((value) => pbf.writeMessage(4, writeValue, value));
  pbf.writeVarintField(5, extent);
}

export function tileBytes(layers) {
  const pbf = new PbfWriter();
  for (const layer of layers) pbf.writeMessage(3, writeLayer, layer);
  return pbf.finish();
}

export const square = (west, north, side) =>
  [[west, north], [west + side, north], [west + side, north + side], [west, north + side]];
