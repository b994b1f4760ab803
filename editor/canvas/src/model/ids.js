// Ids as compiler/document.py makes them: the kind, `_`, four characters of Crockford's base 32.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export function newId(kind, taken = {}) {
  const words = kind.replace(/^network:/, '').split('.').pop().toLowerCase();
  const stem = words.replace(/[^a-z0-9]/g, '').slice(0, 24) || 'node';
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(4));
    const id = `${stem}_${[...bytes].map((byte) => ALPHABET[byte % 32]).join('')}`;
    if (!(id in taken)) return id;
  }
}
