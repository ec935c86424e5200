import type { PageDocument } from '../../model/page.ts';

const SLOT = '>PAGE-DATA</script>';

/** The page with its data, one self-contained HTML text. `template` is what `pageTemplate` gives. Pure. */
export function renderPage(data: PageDocument, template: string): string {
  const at = template.indexOf(SLOT);
  if (at < 0) throw new RangeError('the template of the page has no place for its data');
  return `${template.slice(0, at + 1)}${scriptJson(data)}${template.slice(at + SLOT.length - '</script>'.length)}`;
}

/** JSON that cannot end the element that it stands in, nor a line of script, whatever the names in it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
