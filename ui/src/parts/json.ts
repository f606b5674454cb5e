/** A toned piece of a line: key, string, punctuation. */
export interface Token {
  kind: 'json-key' | 'json-string' | 'json-punctuation';
  text: string;
}

/** Splits a line of JSON for toning. Lines that are no JSON come back as they are: nothing is lost or added. */
export function tokens(line: string): Token[] {
  const out: Token[] = [];
  for (const [, string, colon, rest] of line.matchAll(/("(?:\\.|[^"\\])*"?)(\s*:)?|([^"]+)/g)) {
    if (string !== undefined) {
      out.push({ kind: colon ? 'json-key' : 'json-string', text: string });
      if (colon) out.push({ kind: 'json-punctuation', text: colon });
    } else if (rest !== undefined) out.push({ kind: 'json-punctuation', text: rest });
  }
  return out;
}
