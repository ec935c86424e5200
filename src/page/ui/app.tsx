import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageDocument } from '../../model/page.ts';
import type { Axis } from '../view/axis.ts';
import { axisOf } from '../view/axis.ts';
import type { Opened } from '../view/location.ts';
import { World } from '../view/world.ts';
import { Filters } from './filters.tsx';
import { KernelsTable } from './kernels-table.tsx';
import { Legend } from './legend.tsx';
import { MatrixGrid } from './matrix-grid.tsx';
import { Overview } from './overview.tsx';
import { PairPanel } from './pair-panel.tsx';
import { PrintTable } from './print-table.tsx';
import { ReleasePanel } from './release-panel.tsx';
import { StructPanel } from './struct-panel.tsx';
import { ThemeButton } from './theme.tsx';
import { useView } from './use-view.ts';

/** The page: numbers first, then the matrix, then what stands open beside it. */
export function App({ data }: { data: PageDocument }) {
  const world = useMemo(() => new World(data), [data]);
  const { view, problems, change } = useView(data);
  const { profile, target, kinds, all, folded, turned, search } = view;
  const axis = useMemo(
    () => axisOf(world, view),
    [world, profile, target, kinds?.join(), all, folded, turned.join(), search],
  );
  const focusGrid = useRef<() => void>(() => {});
  const isPrinting = usePrinting();
  const open = (opened: Opened): void => change({ opened });
  const close = (): void => {
    change({ opened: undefined });
    focusGrid.current?.();
  };
  const { opened } = view;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && opened) close();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  const turn = (series: string): void => {
    const rest = turned.filter((each) => each !== series);
    change({ turned: rest.length < turned.length ? rest : [...turned, series] });
  };
  return (
    <div class={`page${opened ? ' has-panel' : ''}`}>
      <Head data={data} />
      <main>
        {problems.map((problem) => (
          <p key={problem} role="alert" class="problem">
            {problem}
          </p>
        ))}
        {data.kernels.length === 0 ? (
          <Empty />
        ) : (
          <>
            <Overview world={world} view={view} axis={axis} choose={(only) => change({ only })} />
            <Filters world={world} view={view} axis={axis} change={change} open={open} />
            <Legend />
            {axis.items.length === 0 ? (
              <Nothing profile={profile} left={axis.withoutState} showAll={() => change({ all: true })} />
            ) : isPrinting ? (
              <PrintTable world={world} view={view} axis={axis} />
            ) : (
              <MatrixGrid
                world={world}
                view={view}
                axis={axis}
                open={open}
                turn={turn}
                focusRef={focusGrid}
              />
            )}
            {axis.items.length > 0 && <LeftOut axis={axis} all={all} turn={() => change({ all: !all })} />}
            <KernelsTable world={world} open={open} />
          </>
        )}
      </main>
      {opened?.kind === 'pair' && (
        <PairPanel
          world={world}
          view={view}
          outgoing={opened.outgoing}
          incoming={opened.incoming}
          open={open}
          close={close}
        />
      )}
      {opened?.kind === 'release' && (
        <ReleasePanel world={world} target={target} release={opened.release} open={open} close={close} />
      )}
      {opened?.kind === 'struct' && (
        <StructPanel world={world} target={target} struct={opened.struct} open={open} close={close} />
      )}
    </div>
  );
}

function Head({ data }: { data: PageDocument }) {
  return (
    <header class="head">
      <div>
        <h1>Live update compatibility</h1>
        <p class="quiet">
          Can a machine that runs one kernel be live-updated to another without losing or corrupting the state
          that it carries across? {data.kernels.length} kernels{data.date && `, data up to ${data.date}`}.
        </p>
      </div>
      <ThemeButton />
    </header>
  );
}

function Empty() {
  return (
    <section class="empty">
      <h2>The catalog has no kernel yet</h2>
      <p>Capture one, build a catalog of it, and make this page again:</p>
      <pre>
        {
          'luo-abi capture linux-7.3.4.tar.xz -o captures/7.3.4.json\nluo-abi catalog import --catalog my.sqlite captures/7.3.4.json\nluo-abi report --catalog my.sqlite --out reports'
        }
      </pre>
      <p>Without --catalog, luo-abi uses the kernels that ship with it.</p>
    </section>
  );
}

/** Kernels that cannot preserve the state make rows of grey; they are shown on request. */
function LeftOut({ axis: { withoutState }, all, turn }: { axis: Axis; all: boolean; turn(): void }) {
  if (withoutState === 0 && !all) return null;
  const words = all
    ? 'Kernels that cannot preserve this state are shown as well.'
    : `${withoutState} kernels that cannot preserve this state are not shown.`;
  return (
    <p class="quiet">
      {words}{' '}
      <button type="button" class="link" onClick={turn}>
        {all ? 'Hide them' : 'Show them'}
      </button>
    </p>
  );
}

function Nothing({ profile, left, showAll }: { profile: string; left: number; showAll(): void }) {
  return (
    <section class="empty">
      <h2>No kernel in this selection can preserve {profile} state</h2>
      <p>
        {left > 0 ? `${left} kernels match and cannot preserve it. ` : 'No kernel matches the filters. '}
        {left > 0 && (
          <button type="button" class="tool" onClick={showAll}>
            Show them all the same
          </button>
        )}
      </p>
    </section>
  );
}

/** Whether the page is being laid out for paper. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => matchMedia('print').matches);
  useEffect(() => {
    const media = matchMedia('print');
    const follow = (): void => setPrinting(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return isPrinting;
}
