import { render } from 'preact';
import type { PageDocument } from '../../model/page.ts';
import { App } from './app.tsx';

const holder = document.getElementById('page-data');
const root = document.getElementById('page');
if (root) {
  try {
    const data = JSON.parse(holder?.textContent ?? '') as PageDocument;
    root.replaceChildren();
    render(<App data={data} />, root);
  } catch (cause) {
    const words = document.createElement('p');
    words.textContent = `This page cannot be shown: ${cause instanceof Error ? cause.message : String(cause)}`;
    root.replaceChildren(words);
  }
}
