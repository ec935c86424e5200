import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClassMatrix, PageDocument, PageKernel } from '../../src/model/page.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import type { PageSource } from '../../src/page/data/page-data.ts';
import { pageData } from '../../src/page/data/page-data.ts';
import { siteData } from '../../src/page/data/site-data.ts';
import { describeCell, isConditional } from '../../src/page/ui/cell-text.ts';
import { fragmentOf, readView } from '../../src/page/view/location.ts';
import { World } from '../../src/page/view/world.ts';
import type { SiteFile } from '../../src/report/site/files.ts';
import { siteFiles } from '../../src/report/site/files.ts';
import { renderFindings } from '../../src/report/site/findings.ts';
import { renderPage, scriptJson } from '../../src/report/site/page-html.ts';
import type { KnownFailure } from '../../src/report/site/site-data.ts';
import { validate } from '../../src/schema/validate.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf, judge, profileNamed, shipped } from '../support/shipped.ts';

const TEMPLATE = '<html><script type="application/json" id="page-data">PAGE-DATA</script></html>';

function sourceOf(releases: readonly string[]): PageSource {
  const documents = [...releases].sort(compareReleases).map(documentOf);
  const { errata, reviews, evidence = [], commits = [] } = shipped();
  return {
    heads: documents,
    kernels: documents.map(kernelOf),
    series: new Set(),
    errata,
    reviews,
    erratumApplies: appliesTo,
    evidence,
    commits: commits.flatMap((document) => document.commits),
    rules: [{ id: 'member-added', impact: 'note', level: 'note', summary: 'a | <b>' }],
    profiles: ['memory', 'memfd'].map(profileNamed),
    targets: ['x86_64-4k', 'arm64-16k'],
  };
}

function textsOf(files: readonly SiteFile[]): Map<string, string> {
  return new Map(files.map(([name, text]) => [name, text()]));
}

function upstream(release: string): PageKernel {
  const [kernel] = page().kernels;
  assert.ok(kernel);
  return { ...kernel, release };
}

function posted(release: string): PageKernel {
  return { ...upstream(release), kind: 'series' };
}

const RELEASES = ['6.17.8', '6.18.15', '6.19.11', '7.0', '7.1-rc1', '7.1.13', '7.2.12', '7.3.4'];

let known: PageDocument | undefined;
function page(): PageDocument {
  known ??= pageData(sourceOf(RELEASES));
  return known;
}

describe('the data of the page', () => {
  test('is what its schema says', () => {
    validate('page', JSON.parse(JSON.stringify(page())), 'page');
  });

  test('says of every pair what the engine says', () => {
    const world = new World(page());
    for (const { profile, target } of page().matrices) {
      for (const outgoing of RELEASES) {
        for (const incoming of RELEASES) {
          const pair = judge({ outgoing, incoming, profile, target });
          const { verdict, effect, decidedBy, conditions = [], components } = pair;
          const [from = -1, to = -1] = [world.positionOf(outgoing), world.positionOf(incoming)];
          const name = `${outgoing} to ${incoming}, ${profile} on ${target}`;
          const { conditions: _shared, ...answer } = world.answer({ profile, target }, from, to) ?? {};
          assert.deepEqual(answer, { verdict, effect, decidedBy }, name);
          assert.deepEqual(world.conditions({ profile, target }, from, to), conditions, name);
          const whole = world.judge({ profile, target }, outgoing, incoming);
          assert.equal(whole?.verdict, verdict, name);
          assert.deepEqual(
            whole?.components.map(({ id }) => id),
            components.map(({ id }) => id),
            name,
          );
        }
      }
    }
  });

  test('tells of each kernel whether it can hand over at all', () => {
    const world = new World(page());
    const { reason: _reason, ...kho } = world.kho('7.3.4');
    assert.deepEqual(kho, { built: 'buildable', byDefault: null, off: [] });
  });

  test('says what a cell depends on, with the name of its outgoing kernel', () => {
    const world = new World(page());
    const item = (release: string) => ({
      label: release,
      series: '',
      members: [world.positionOf(release) ?? 0],
      isFirst: false,
      isFoldable: false,
    });
    const setting = { profile: 'memory', target: 'x86_64-4k' } as const;
    const [from, to] = [item('6.19.11'), item('7.0')];
    assert.match(describeCell(world, setting, from, to), /, panics if 6\.19\.11 runs with liveupdate=on/);
    assert.equal(isConditional(world, setting, from, to), true);
    assert.equal(isConditional(world, setting, to, from), false);
  });

  test('holds a fact once for all kernels that share it', () => {
    const texts = page().facts.map((facts) => JSON.stringify(facts));
    assert.equal(new Set(texts).size, texts.length);
  });

  test('is dated by the newest kernel', () => {
    assert.equal(page().date, documentOf('7.3.4').date);
  });

  test('of no kernels is no fault', () => {
    const empty = pageData(sourceOf([]));
    assert.equal(empty.date, null);
    assert.deepEqual(siteFiles(siteData(empty), TEMPLATE).length, 2 * 2 * 4 + 5);
  });
});

describe('the files of a report', () => {
  const files = (): Map<string, string> => textsOf(siteFiles(siteData(page()), TEMPLATE));

  test('are the same bytes each time', () => {
    const again = siteFiles(siteData(pageData(sourceOf([...RELEASES].reverse()))), TEMPLATE);
    assert.deepEqual([...files()], [...textsOf(again)]);
  });

  test('tell the misread of 6.17 to 6.18 first, with its place and its test', () => {
    const text = files().get('findings.md') ?? '';
    const [, first = ''] = text.split(/^### /m);
    assert.match(first, /^6\.17\.8 → 6\.18\.15 … 7\.0/);
    assert.match(first, /kho: `KHO_FDT_COMPATIBLE` under `kho-v1` \(marker-not-bumped\)/);
    assert.match(first, /kernel\/kexec_handover\.c:31/);
    assert.match(first, /6\.17\.8 to 6\.18\.15, seen in a test/);
    assert.match(text, /## Panic, between upstream releases\n\n### 6\.19\.11 → 7\.0/);
  });

  test('name the commits behind a break of upstream, silent breaks first', () => {
    const parts = (files().get('findings.md') ?? '').split(/^### /m);
    const linesOf = (heading: RegExp): string[] =>
      (parts.find((part) => heading.test(part)) ?? '')
        .split('\n')
        .filter((line) => /^- changed by/.test(line));
    const bitmaps = [
      '- changed by `a2fff99f92da` in 6.18-rc6 (silent-break): bitmaps fill a page instead of 512 bytes',
      '- changed by `a667300bd53f` in 6.18-rc1 (additive): preserved vmalloc areas',
    ];
    assert.deepEqual(linesOf(/^6\.17\.8 → /), bitmaps);
    assert.deepEqual(linesOf(/ → 6\.17\.8\n/), bitmaps);
    assert.deepEqual(linesOf(/^6\.19\.11 → 7\.0\n/), [
      '- changed by `cab056f2aae7` in 7.0-rc1 (silent-break): FLB data under a node of its own that the reader demands',
    ]);
    assert.deepEqual(linesOf(/^7\.1-rc1 → 7\.1\.13\n/), [
      '- changed by `d64b0372760e` in 7.1-rc6 (silent-break): the tree is 5 levels deep with 16 KiB pages, was 4',
    ]);
  });

  test('tell upstream kernels of a finding by range, and count many others', () => {
    const series = ['a', 'b', 'c', 'd'].map((name) => `7.0+${name}`);
    const kernels = [...['6.19.11', '7.0', '7.1-rc1'].map(upstream), ...series.map(posted)];
    const { failures, ...rest } = siteData(page());
    const [failure] = failures;
    assert.ok(failure);
    const headings = (sides: Pick<KnownFailure, 'incoming' | 'outgoing'>): string[] => {
      const text = renderFindings({
        ...rest,
        page: { ...rest.page, kernels },
        failures: [{ ...failure, ...sides }],
      });
      return text.split('\n').filter((line) => /^### |^- outgoing: |^- incoming: /.test(line));
    };
    assert.deepEqual(
      headings({ outgoing: ['7.0', '6.19.11', '7.1-rc1'], incoming: ['6.19.11', ...series] }),
      ['### 6.19.11 … 7.1-rc1 → 6.19.11 and 4 posted series'],
    );
    assert.deepEqual(headings({ outgoing: series, incoming: ['7.0', '7.0+a', '7.0+c'] }), [
      '### 7.0+a and 3 more → 7.0, 7.0+a and 7.0+c',
      '- outgoing: 7.0 with a, b, c, d',
    ]);
  });

  test('count the pairs of each class', () => {
    const text = files().get('classes.md') ?? '';
    assert.match(text, /## memfd on x86_64-4k\n\n.*\n.*\n\| stable-sequential \| 1 \| 1 \|/);
    assert.match(text, /main\+1: 6\.19\.11 → 7\.0: refused \(boot-panic\)/);
  });

  test('hold each matrix four times, the JSON by its schema', () => {
    const text = files().get('matrix-memfd-arm64-16k.json') ?? '';
    const matrix = validate<ClassMatrix>('class-matrix', JSON.parse(text), 'class-matrix');
    assert.deepEqual(matrix.classes.flat().sort(compareReleases), RELEASES);
    for (const row of matrix.cells) assert.equal(row.length, matrix.classes.length);
    const csv = files().get('matrix-memfd-arm64-16k.csv') ?? '';
    const row = csv.split('\n').find((line) => line.startsWith('6.19.11,')) ?? '';
    assert.equal(row.split(',')[RELEASES.indexOf('7.0') + 1], 'panic');
    assert.match(files().get('matrix-memfd-arm64-16k.svg') ?? '', /^<svg [^>]*role="img"/);
    assert.match(files().get('timeline.svg') ?? '', /luo-v5/);
  });

  test('escape what stands in a table', () => {
    assert.match(files().get('rules.md') ?? '', /a \\\| &lt;b&gt;/);
  });
});

describe('embedded data', () => {
  const hostile = { name: '</script><script>alert(1)</script><!--\u2028\u2029' };

  test('cannot end its element', () => {
    const text = scriptJson(hostile);
    assert.doesNotMatch(text, /[<>\u2028\u2029]/);
    assert.deepEqual(JSON.parse(text), hostile);
  });

  test('is put in as it is, whatever signs are in it', () => {
    const data = { ...page(), $schema: "$& $' $1 PAGE-DATA" };
    const html = renderPage(data, TEMPLATE);
    const [, json = ''] = />(\{.*\})<\/script>/s.exec(html) ?? [];
    assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(data)));
  });

  test('needs a template that has a place for it', () => {
    assert.throws(() => renderPage(page(), '<html></html>'), RangeError);
  });
});

describe('the URL of a view', () => {
  test('leads back to the same view', () => {
    const fragments = [
      '',
      '#profile=memfd&target=arm64-16k&kinds=upstream%2Cseries&folded=&turned=7.1&search=7.&class=main%2B1&from=7.0&to=7.1.13',
      '#release=7.1-rc1',
      '#all=&struct=memfd_luo_ser',
    ];
    for (const fragment of fragments) {
      const { view, problems } = readView(fragment, page());
      assert.deepEqual(problems, [], fragment);
      assert.deepEqual(readView(fragmentOf(view, page()), page()).view, view, fragment);
    }
  });

  test('that names what nobody knows says so and shows the rest', () => {
    const { view, problems } = readView('#release=9.9&target=vax&search=7', page());
    assert.deepEqual(problems, ['There is no target “vax” here.', 'There is no kernel “9.9” here.']);
    assert.equal(view.opened, undefined);
    assert.equal(view.search, '7');
  });

  test('may be any text', () => {
    for (const fragment of ['#%', '#from=7.0', '#=&&', `#struct=${'x'.repeat(9999)}`, '#struct=__proto__']) {
      readView(fragment, page());
    }
  });
});
