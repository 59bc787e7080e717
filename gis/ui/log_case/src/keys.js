/** Names that no two devices make twice. */

/** 128 random bits in hexadecimal. crypto.randomUUID would need HTTPS; this works without. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
