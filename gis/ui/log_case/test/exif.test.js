import assert from 'node:assert/strict';
import { test } from 'node:test';

import { carryExif, exifSegment, setUpright } from '../src/exif.js';

/** A TIFF block with one entry: orientation 6. */
function tiff(little) {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, 6, little);
  return new Uint8Array(view.buffer);
}

function jpeg(little = true) {
  const body = tiff(little);
  const head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1, 0, 8 + body.length, 69, 120, 105, 102, 0, 0];
  return new Uint8Array([...head, ...body, 0xff, 0xda, 0, 2, 9, 9, 0xff, 0xd9]).buffer;
}

const COPY = new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9]).buffer;

for (const little of [true, false]) {
  test(`the record of the original stands in the copy, upright (${little ? 'little' : 'big'} endian)`, () => {
    const out = carryExif(jpeg(little), COPY);
    const segment = exifSegment(out);
    assert.equal(segment.byteLength, 10 + 26);
    assert.equal(new DataView(segment).getUint16(10 + 18, little), 1);
    const bytes = new Uint8Array(out);
    assert.deepEqual([...bytes.slice(0, 2)], [0xff, 0xd8]);
    assert.deepEqual([...bytes.slice(2 + segment.byteLength)], [...new Uint8Array(COPY).slice(2)]);
  });
}

test('the original is not changed', () => {
  const original = jpeg();
  const before = [...new Uint8Array(original)];
  carryExif(original, COPY);
  assert.deepEqual([...new Uint8Array(original)], before);
});

test('what has no record, or a broken one, leaves the copy as it is', () => {
  const none = [new ArrayBuffer(0), new Uint8Array([0x89, 80, 78, 71]).buffer, COPY, jpeg().slice(0, 20)];
  for (const original of none) assert.equal(carryExif(original, COPY), COPY);
});

test('a directory that points outside is left alone', () => {
  const segment = exifSegment(jpeg());
  new DataView(segment).setUint32(10 + 4, 0x7fffffff, true);
  const before = [...new Uint8Array(segment)];
  assert.deepEqual([...new Uint8Array(setUpright(segment))], before);
});
