import type { Target } from '../../model/target.ts';
import { releaseRanges } from '../../report/release-ranges.ts';
import type { Opened } from '../view/location.ts';
import { changesOf, historyOf } from '../view/struct-history.ts';
import type { World } from '../view/world.ts';
import { ByteMap } from './byte-map.tsx';
import { Members } from './members.tsx';
import { Panel } from './panel.tsx';

interface StructProps {
  world: World;
  target: Target;
  struct: string;
  open(opened: Opened): void;
  close(): void;
}

/** The forms that a struct had, and in which kernels, oldest first. */
export function StructPanel({ world, target, struct, open, close }: StructProps) {
  const forms = historyOf(world, struct, target);
  const order = world.data.kernels.map(({ release }) => release);
  return (
    <Panel
      name={`struct ${struct}`}
      title={<code>{struct}</code>}
      kicker={`Struct over releases · ${target}`}
      close={close}
    >
      <p>
        {forms.length === 1 ? 'One form.' : `${forms.length} forms.`} Each is compared with the one above it
        in the same component.
      </p>
      <ol class="forms">
        {forms.map(({ component, layout, kernels, where }, at) => {
          const before = forms.slice(0, at).findLast((form) => form.component === component)?.layout;
          const releases = kernels.map((position) => order[position] as string);
          return (
            <li key={at}>
              <h3>
                {releaseRanges(releases, order)}{' '}
                <span class="quiet">
                  {component}, {layout.size} bytes
                  {before && before.size !== layout.size && ` (was ${before.size})`}
                  {layout.packed && ', packed'}
                </span>
              </h3>
              <p class="quiet">{where}</p>
              <Members members={changesOf(layout, before)} />
              {before && <ByteMap struct={struct} outgoing={before} incoming={layout} />}
              <details>
                <summary>
                  {releases.length} {releases.length === 1 ? 'kernel' : 'kernels'}
                </summary>
                <ul class="names">
                  {releases.map((release) => (
                    <li key={release}>
                      <button type="button" class="link" onClick={() => open({ kind: 'release', release })}>
                        {release}
                      </button>
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
