import type { Effect, Verdict } from '../model/verdict-kind.ts';
import { signOf } from '../report/style.ts';

// A badge as an SVG image: on the left what was asked, on the right the answer, its sign before the words.

export interface BadgeText {
  label: string;
  value: string;
  /** `#rrggbb`; white text on it must be readable (contrast 4.5). */
  colour: string;
}

/** Each contrasts with white by 4.5 or more (WCAG AA). */
const COLOURS: Readonly<Record<Verdict | 'panic', string>> = {
  misread: '#b3001b',
  panic: '#b3001b',
  refused: '#8a5a00',
  unknown: '#7a3fa0',
  unsupported: '#5c6470',
  'compatible-with-notes': '#2f6f2f',
  compatible: '#1f7a1f',
};
const GREY = '#5c6470';

/** Pixels of a character of Verdana 11 on average; a badge that is a little too wide does no harm. */
const CHARACTER = 7;
const PADDING = 6;

/** What a badge says of a pair. */
export function badgeOf(
  pair: { from: string; to: string; profile: string },
  { verdict, effect }: { verdict: Verdict; effect: Effect | null },
): BadgeText {
  const kind = verdict === 'refused' && effect === 'boot-panic' ? 'panic' : verdict;
  const words = kind === 'panic' ? 'refused (boot-panic)' : verdict;
  const { mark } = signOf(verdict, effect);
  return {
    label: `${pair.profile}: ${pair.from} → ${pair.to}`,
    value: `${mark} ${words}`,
    colour: COLOURS[kind],
  };
}

/** What a badge says where there is no answer. */
export function badgeOfProblem(value: string): BadgeText {
  return { label: 'luo-abi', value, colour: GREY };
}

/** The image. Texts may hold anything. */
export function renderBadge({ label, value, colour }: BadgeText): string {
  const [left, right] = [widthOf(label), widthOf(value)];
  const [name, answer] = [escapeXml(label), escapeXml(value)];
  const text = 'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff" text-anchor="middle"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${answer}">`,
    `<title>${name}: ${answer}</title>`,
    `<rect width="${left}" height="20" fill="#3b4048"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colour}"/>`,
    `<g ${text}>`,
    `<text x="${left / 2}" y="14">${name}</text>`,
    `<text x="${left + right / 2}" y="14">${answer}</text>`,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function widthOf(text: string): number {
  return Array.from(text).length * CHARACTER + 2 * PADDING;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also drops what XML does not allow at all. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML does not allow
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
      .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  );
}
