import { useState } from 'preact/hooks';
import type { KhoAvailability } from '../../model/availability.ts';
import { byDefaultWord } from '../../model/availability.ts';
import type { Opened } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { KIND_WORDS } from './words.ts';

interface KernelsProps {
  world: World;
  open(opened: Opened): void;
}

/** Every kernel with what becomes of its KHO: built, running by default, switched off. Made when it is opened. */
export function KernelsTable({ world, open }: KernelsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="kernels" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Kernels: whether each can hand over at all</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        <section class="scroll" tabIndex={0} aria-label="Kernels">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">release</th>
                <th scope="col">from</th>
                <th scope="col">date</th>
                <th scope="col">KHO built</th>
                <th scope="col">on by default</th>
                <th scope="col">switched off by configuration</th>
              </tr>
            </thead>
            <tbody>
              {world.data.kernels.map(({ release, kind, date }) => (
                <tr key={release}>
                  <th scope="row">
                    <button type="button" class="link" onClick={() => open({ kind: 'release', release })}>
                      {release}
                    </button>
                  </th>
                  <td>{KIND_WORDS[kind]}</td>
                  <td>{date}</td>
                  <Availability kho={world.kho(release)} />
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}

function Availability({ kho }: { kho: KhoAvailability }) {
  return (
    <>
      <td title={kho.reason}>{kho.built}</td>
      <td>{byDefaultWord(kho)}</td>
      <td>
        {kho.off.map((option) => (
          <code key={option}>{option} </code>
        ))}
      </td>
    </>
  );
}
