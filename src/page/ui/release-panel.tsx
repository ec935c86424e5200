import type { KhoAvailability } from '../../model/availability.ts';
import { byDefaultWord } from '../../model/availability.ts';
import { fidelityOf, fidelityText } from '../../model/fidelity.ts';
import type { MarkerValue } from '../../model/marker.ts';
import type { Target } from '../../model/target.ts';
import { forTarget } from '../../model/target.ts';
import type { KernelComponent } from '../../verdict/kernel.ts';
import type { Opened } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { Members } from './members.tsx';
import { Panel, Section } from './panel.tsx';
import { KIND_WORDS } from './words.ts';

interface ReleaseProps {
  world: World;
  target: Target;
  release: string;
  open(opened: Opened): void;
  close(): void;
}

/** What one kernel writes and reads: markers, layouts, and where each fact comes from. */
export function ReleasePanel({ world, target, release, open, close }: ReleaseProps) {
  const head = world.head(world.positionOf(release) ?? 0);
  const components = [...(world.kernel(release)?.components ?? [])];
  const present = components.filter(([, { facts }]) => facts.available !== 'no');
  const absent = components.filter(([, { facts }]) => facts.available === 'no');
  const { kind, base, vendor, date } = head;
  const tests = world.data.evidence.filter(
    ({ outgoing, incoming }) => outgoing === release || incoming === release,
  );
  const facts = [
    KIND_WORDS[kind],
    `base ${base}`,
    ...(vendor ? [`vendor ${vendor}`] : []),
    ...(date ? [date] : []),
    khoText(world.kho(release)),
  ];
  return (
    <Panel name={`release ${release}`} title={release} kicker={`Kernel · ${target}`} close={close}>
      <p>{facts.join(' · ')}</p>
      <Section title="Markers">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
        <section class="scroll" tabIndex={0} aria-label="Markers">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">component</th>
                <th scope="col">available</th>
                <th scope="col">writes</th>
                <th scope="col">accepts</th>
                <th scope="col">where</th>
              </tr>
            </thead>
            <tbody>
              {present.map(([id, component]) => (
                <MarkerRow key={id} id={id} component={component} />
              ))}
            </tbody>
          </table>
        </section>
        {absent.length > 0 && (
          <details>
            <summary>{absent.length} components that it does not have</summary>
            <ul>
              {absent.map(
                ([
                  id,
                  {
                    facts: { reason },
                  },
                ]) => (
                  <li key={id}>
                    <b>{id}</b> {reason}
                  </li>
                ),
              )}
            </ul>
          </details>
        )}
      </Section>
      <Section title="Layouts">
        {present.map(([id, component]) => (
          <Layouts key={id} id={id} component={component} target={target} open={open} />
        ))}
      </Section>
      <Section title="Provenance">
        <Provenance world={world} release={release} />
      </Section>
      <Section title="Tests">
        {tests.length === 0 && <p class="quiet">It took part in no recorded test.</p>}
        <ul>
          {tests.map(({ id, outgoing, incoming, profile, outcome, date: day, changed }) => (
            <li key={id}>
              {outgoing} → {incoming}, {profile}: <b>{outcome}</b>, {day}
              {changed && ' (a changed kernel)'}
            </li>
          ))}
        </ul>
      </Section>
    </Panel>
  );
}

/** `KHO is built, off by default` */
function khoText(kho: KhoAvailability): string {
  const { built, reason } = kho;
  if (built === 'no') return `KHO is not there: ${reason ?? 'not built'}`;
  if (built === 'unknown') return 'whether KHO is built is not known';
  const byDefault = byDefaultWord(kho);
  const words = byDefault === 'unknown' ? 'its default is not known' : `${byDefault} by default`;
  return `KHO ${built === 'yes' ? 'is built' : 'can be built'}, ${words}`;
}

function valueText(value: MarkerValue | undefined): string {
  if (value === undefined) return '—';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function MarkerRow({ id, component: { facts, places } }: { id: string; component: KernelComponent }) {
  const { marker, available, reason } = facts;
  const writes = marker?.guardedBy ? `under ${marker.guardedBy}` : valueText(marker?.writes);
  const name = marker?.name === undefined ? '' : `${marker.name} `;
  return (
    <tr>
      <th scope="row">{id}</th>
      <td title={reason}>{available}</td>
      <td>
        <code>
          {name}
          {writes}
        </code>
      </td>
      <td>
        <code>{marker?.accepts.map(({ value }) => valueText(value)).join(', ')}</code>
      </td>
      <td class="quiet">{places.marker}</td>
    </tr>
  );
}

interface LayoutsProps {
  id: string;
  component: KernelComponent;
  target: Target;
  open(opened: Opened): void;
}

function Layouts({ id, component: { facts, places }, target, open }: LayoutsProps) {
  const structs = Object.entries(facts.structs).flatMap(([name, { layout }]) => {
    const own = forTarget(layout, target);
    return own ? [{ name, layout: own }] : [];
  });
  const constants = Object.entries(facts.constants).map(
    ([name, { value }]) => [name, forTarget(value, target)] as const,
  );
  if (structs.length + constants.length === 0) return null;
  return (
    <details>
      <summary>
        <b>{id}</b>{' '}
        <span class="quiet">
          {structs.length} structs, {constants.length} constants
        </span>
      </summary>
      {structs.map(({ name, layout }) => (
        <div key={name} class="struct">
          <p>
            <button type="button" class="link" onClick={() => open({ kind: 'struct', struct: name })}>
              <code>
                {layout.kind} {name}
              </code>
            </button>{' '}
            {layout.size} bytes{layout.packed && ', packed'}{' '}
            <span class="quiet">{places[`struct ${name}`]}</span>
          </p>
          <Members members={layout.members.map((member) => ({ member, change: 'same' as const }))} />
        </div>
      ))}
      {constants.length > 0 && (
        <ul class="constants">
          {constants.map(([name, value]) => (
            <li key={name}>
              <code>
                {name} = {JSON.stringify(value)}
              </code>{' '}
              <span class="quiet">{places[`constant ${name}`]}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Provenance({ world, release }: { world: World; release: string }) {
  const head = world.head(world.positionOf(release) ?? 0);
  const { origin } = head;
  const provenance = world.provenance(release);
  if (!provenance) return null;
  const { kind, name, note, files, others = [] } = provenance;
  const own = provenance.package ? ` (${provenance.package.name} ${provenance.package.version})` : '';
  const texts = new Set(
    [...(world.kernel(release)?.components.keys() ?? [])].map((id) => fidelityText(fidelityOf(head, id))),
  );
  return (
    <>
      <p>
        {origin} from {kind} <code>{name}</code>
        {own}
      </p>
      {others.map((other) => (
        <p key={other.name}>
          and from {other.kind} <code>{other.name}</code>
        </p>
      ))}
      {note !== undefined && <p>{note}</p>}
      <p class="quiet">Facts: {[...texts].join('; ')}</p>
      {files.length > 0 && (
        <details>
          <summary>{files.length} files</summary>
          <ul class="files">
            {files.map(({ path, sha256 }) => (
              <li key={path}>
                <code>{path}</code> <span class="quiet">sha256 {sha256.slice(0, 16)}…</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
