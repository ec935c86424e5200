import { escapeXml } from '../report/site/svg.ts';

// A terminal's output as an SVG: lines of monospaced text with the colours that chalk writes (SGR sequences).

const LINE = 18;
const CHARACTER = 8.4;
const MARGIN = 14;

/** Of a dark terminal; AA contrast on its ground. */
const GROUND = '#16191f';
const TEXT = '#d7dae0';
const COLOURS: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  37: '#ffffff',
  90: '#9aa4b2',
  91: '#ff9a94',
  92: '#a5f3b0',
  93: '#f2cc60',
  94: '#a5d6ff',
  95: '#e2c5ff',
  96: '#a5f3fc',
  97: '#ffffff',
};
const GROUNDS: Readonly<Record<number, string>> = {
  41: '#b62324',
  42: '#1a7f37',
  43: '#7a5b00',
  100: '#57606a',
};

interface Style {
  colour: string;
  ground: string | undefined;
  isBold: boolean;
  isDim: boolean;
}

const PLAIN: Style = { colour: TEXT, ground: undefined, isBold: false, isDim: false };

/** The picture of some output. `title` is what a screen reader says of it. */
export function ansiToSvg(text: string, title: string): string {
  const lines = text.replace(/\n+$/, '').split('\n').map(spansOf);
  const width = Math.max(
    ...lines.map((spans) => spans.reduce((sum, { text: part }) => sum + part.length, 0)),
  );
  const size = { width: Math.ceil(width * CHARACTER + 2 * MARGIN), height: lines.length * LINE + 2 * MARGIN };
  const rows = lines.flatMap((spans, index) => rowOf(spans, MARGIN + (index + 1) * LINE - 5));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

interface Span {
  text: string;
  style: Style;
}

function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let style = PLAIN;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins each sequence
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins each sequence
    const codes = /^\u001b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) style = codes.split(';').map(Number).reduce(styled, style);
    else if (part !== '') spans.push({ text: part, style });
  }
  return spans;
}

function styled(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, isDim: true };
  if (code === 22) return { ...style, isBold: false, isDim: false };
  if (code === 39) return { ...style, colour: TEXT };
  if (code === 49) return { ...style, ground: undefined };
  const colour = COLOURS[code];
  if (colour !== undefined) return { ...style, colour };
  const ground = GROUNDS[code];
  return ground === undefined ? style : { ...style, ground };
}

function rowOf(spans: readonly Span[], baseline: number): string[] {
  const row: string[] = [];
  let column = 0;
  for (const { text, style } of spans) {
    const x = (MARGIN + column * CHARACTER).toFixed(1);
    const width = (text.length * CHARACTER).toFixed(1);
    if (style.ground !== undefined) {
      row.push(
        `<rect x="${x}" y="${baseline - 14}" width="${width}" height="${LINE}" fill="${style.ground}"/>`,
      );
    }
    // Word by word, since a viewer may fold the spaces between them.
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      const at = (MARGIN + (column + index) * CHARACTER).toFixed(1);
      const length = (word.length * CHARACTER).toFixed(1);
      const weight = style.isBold ? ' font-weight="bold"' : '';
      const opacity = style.isDim ? ' opacity="0.75"' : '';
      row.push(
        `<text x="${at}" y="${baseline}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${style.colour}"${weight}${opacity}>${escapeXml(word)}</text>`,
      );
    }
    column += text.length;
  }
  return row;
}
