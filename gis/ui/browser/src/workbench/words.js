/** The sentences of the workbench: `config.words`, keys from gis/tiles/words.py, values in the person's language. */

/** `say('layer.from_zoom', { zoom: 15 })`: the text with its {fields} filled in; an unknown key is its own text. */
export function defineSay(words = {}) {
  return (key, params = {}) => (words[key] ?? key).replace(
    /\{(\w+)\}/g, (whole, name) => (Object.hasOwn(params, name) ? String(params[name]) : whole));
}

/** Numbers as the language writes them; null is a dash. */
export function defineNumber(locale = 'zh-CN') {
  const formats = new Map();
  return (value, digits = 0) => {
    if (value === null || value === undefined || Number.isNaN(value)) return '–';
    if (!formats.has(digits)) {
      formats.set(digits, new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
    }
    return formats.get(digits).format(value);
  };
}
