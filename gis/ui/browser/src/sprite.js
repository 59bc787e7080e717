/**
 * Small pictures for points: silhouettes on a 24 × 24 field, filled with one colour on a halo. A picture is
 * drawn once per name, size, colour and screen density and then stamped.
 */

export const FIELD = 24;

/** SVG path data, filled by the even-odd rule: an inner shape is a hole. */
export const SPRITE = {
  hospital: 'M5 2h14a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3ZM10 6v4H6v4h4v4h4v-4h4v-4h-4V6Z',
  valve: 'M2 8v12l10-6ZM22 8v12l-10-6ZM11 5h2v8h-2ZM7 2h10v3H7Z',
  manhole: 'M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20ZM7.5 7.5h9v2h-9ZM6 11h12v2H6ZM7.5 14.5h9v2h-9Z',
  camera: 'M4 6h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM16.5 10.5 22 7v10l-5.5-3.5Z',
  tree: 'M12 1.5 5 10h3l-4.5 6h7v6.5h3V16h7L16 10h3Z',
  lamp: 'M4 22V2h14v4h3l2 6H10l2-6h3V4.8H7V22Z',
  bin: 'M9 2h6v2h6v3H3V4h6ZM5 9h14l-1.5 13h-11ZM9 11.5h1.6v8H9ZM13.4 11.5H15v8h-1.6Z',
  case: 'M12 1a8 8 0 0 0-8 8c0 6 8 14 8 14s8-8 8-14a8 8 0 0 0-8-8ZM10.9 4.8h2.2v6h-2.2ZM10.9 12h2.2v2.2h-2.2Z',
  'case-many': 'M7.5 2H21v14.5h-3V5H7.5ZM3 7h12.5v15H3ZM6 11v2h6.5v-2ZM6 15.5v2h6.5v-2Z',
  arrow: 'M12 2 21 21l-9-4.5L3 21Z',
};

const HALO = 1.5; // CSS pixels around the silhouette
const MOST = 400; // pictures kept; a style with a thousand colours starts over

function draw(context, data, { size, color, halo, ratio }) {
  const scale = (size / FIELD) * ratio;
  context.setTransform(scale, 0, 0, scale, HALO * ratio, HALO * ratio);
  if (halo) {
    context.strokeStyle = halo;
    context.lineWidth = (2 * HALO * ratio) / scale;
    context.lineJoin = 'round';
    context.fillStyle = halo;
    for (const shape of data.split(/(?=M)/)) { // one by one: holes show the halo, not what lies below
      const path = new Path2D(shape);
      context.stroke(path);
      context.fill(path);
    }
  }
  context.fillStyle = color;
  context.fill(new Path2D(data), 'evenodd');
}

export class Sprite {
  constructor() {
    this.pictures = new Map();
  }

  /** A canvas with the picture, { canvas, offset }: offset is CSS pixels from the point to its corner. */
  picture(name, { size, color, halo = '#ffffff', ratio }) {
    const key = `${name}|${size}|${color}|${halo}|${ratio}`;
    const known = this.pictures.get(key);
    if (known !== undefined) return known;
    if (this.pictures.size >= MOST) this.pictures.clear();
    const data = Object.hasOwn(SPRITE, name) ? SPRITE[name] : null;
    const made = data && this.make(data, { size, color, halo, ratio });
    this.pictures.set(key, made);
    return made;
  }

  make(data, look) {
    const side = Math.ceil((look.size + 2 * HALO) * look.ratio);
    const canvas = new OffscreenCanvas(side, side);
    draw(canvas.getContext('2d'), data, look);
    return { canvas, offset: look.size / 2 + HALO };
  }
}
