// Where a search found its words in a text, so that they can be marked there.

export interface Piece {
  text: string;
  hit: boolean;
}

/** The text in pieces. As in the store, words are found whole, and the last one may be unfinished. */
export function marked(text: string, query: string): Piece[] {
  const words = query.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const last = words.pop();
  if (last === undefined) return [{ text, hit: false }];
  const whole = words.map((word) => `${word}(?![\\p{L}\\p{N}])`);
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(new RegExp(`(^|[^\\p{L}\\p{N}])(${[...whole, last].join("|")})`, "giu"))) {
    const [, before = "", word = ""] = found;
    const at = found.index + before.length;
    if (at > from) pieces.push({ text: text.slice(from, at), hit: false });
    pieces.push({ text: word, hit: true });
    from = at + word.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false });
  return pieces;
}
