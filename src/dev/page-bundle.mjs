// Bundles the page's script and style and puts both into one HTML text without data.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../page/ui/', import.meta.url));
const shared = { bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'warning' };

/** The template that `renderPage` puts data into: self-contained, and the same bytes for the same sources. */
export async function bundlePage() {
  const script = await build({
    ...shared,
    entryPoints: [`${folder}main.tsx`],
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    charset: 'ascii',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: `${folder}tsconfig.json`,
    alias: { 'node:crypto': `${folder}no-crypto.ts` },
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.NODE_DEBUG': '""' },
  });
  const style = await build({ ...shared, entryPoints: [`${folder}style.css`] });
  const [js, css] = [script, style].map(({ outputFiles }) => outputFiles[0].text.trim());
  return template(js.replaceAll('</script', '<\\/script'), css.replaceAll('</', '<\\/'));
}

function template(js, css) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>Live update compatibility</title>
<style>${css}</style>
</head>
<body>
<div id="page"><p>This page needs JavaScript; the files beside it hold the same matrices as Markdown, JSON, CSV and SVG.</p></div>
<script type="application/json" id="page-data">PAGE-DATA</script>
<script>${js}</script>
</body>
</html>
`;
}
