import type { KernelKind } from '../../model/page.ts';
import type { Target } from '../../model/target.ts';
import type { Axis } from '../view/axis.ts';
import type { Opened, View } from '../view/location.ts';
import { KINDS } from '../view/location.ts';
import { structNames } from '../view/struct-history.ts';
import type { World } from '../view/world.ts';
import { CLASS_WORDS, KIND_WORDS } from './words.ts';

interface FilterProps {
  world: World;
  view: View;
  axis: Axis;
  /** `replace` keeps the history as it is, for what is typed letter by letter. */
  change(part: Partial<View>, replace?: boolean): void;
  open(opened: Opened): void;
}

const MOST_STRUCTS = 8;

/** What is shown: all of it stands in the URL. */
export function Filters({ world, view, axis, change, open }: FilterProps) {
  const { profiles, targets } = world.data;
  const turnKind = (kind: KernelKind): void => {
    const kinds = KINDS.filter((each) => axis.kinds.includes(each) !== (each === kind));
    if (kinds.length > 0) change({ kinds });
  };
  const text = view.search.trim().toLowerCase();
  const structs =
    text.length < 3 ? [] : structNames(world).filter((name) => name.toLowerCase().includes(text));
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="choice">
        <legend>State that matters</legend>
        {profiles.map(({ name, summary }) => (
          <label key={name} title={summary}>
            <input
              type="radio"
              name="profile"
              value={name}
              checked={view.profile === name}
              onChange={() => change({ profile: name, turned: [] })}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>Target</span>
        <select
          value={view.target}
          onChange={(event) => change({ target: event.currentTarget.value as Target })}
        >
          {targets.map((target) => (
            <option key={target} value={target}>
              {target}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="choice">
        <legend>Kernels</legend>
        {KINDS.map((kind) => (
          <label key={kind}>
            <input type="checkbox" checked={axis.kinds.includes(kind)} onChange={() => turnKind(kind)} />
            <span>{KIND_WORDS[kind]}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>Pair class</span>
        <select
          value={view.only ?? ''}
          onChange={(event) => change({ only: (event.currentTarget.value || undefined) as View['only'] })}
        >
          <option value="">all pairs</option>
          {Object.keys(CLASS_WORDS).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Kernel or struct</span>
        <input
          type="search"
          value={view.search}
          placeholder="7.1, deb13, pci_ser"
          onInput={(event) => change({ search: event.currentTarget.value }, true)}
        />
      </label>
      <fieldset class="choice">
        <legend>Rows</legend>
        <label>
          <input
            type="checkbox"
            checked={view.folded}
            onChange={() => change({ folded: !view.folded, turned: [] })}
          />
          <span>Fold equal kernels</span>
        </label>
      </fieldset>
      {structs.length > 0 && (
        <p class="structs">
          Structs:{' '}
          {structs.slice(0, MOST_STRUCTS).map((struct) => (
            <button key={struct} type="button" class="link" onClick={() => open({ kind: 'struct', struct })}>
              <code>{struct}</code>
            </button>
          ))}
          {structs.length > MOST_STRUCTS && ` and ${structs.length - MOST_STRUCTS} more`}
        </p>
      )}
    </form>
  );
}
