import { useCallback, useEffect, useState } from 'preact/hooks';
import type { PageDocument } from '../../model/page.ts';
import type { ReadView, View } from '../view/location.ts';
import { fragmentOf, readView } from '../view/location.ts';

/** Changes a part of the view; `replace` makes no new step in the history. */
export type Change = (part: Partial<View>, replace?: boolean) => void;

/** The view that the URL says, and a way to change both. */
export function useView(data: PageDocument): ReadView & { change: Change } {
  const [read, setRead] = useState(() => readView(location.hash, data));
  useEffect(() => {
    const follow = (): void => setRead(readView(location.hash, data));
    addEventListener('popstate', follow);
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener('hashchange', follow);
    };
  }, [data]);
  const change = useCallback<Change>(
    (part, replace = false) => {
      const view = { ...readView(location.hash, data).view, ...part };
      const fragment = fragmentOf(view, data);
      const address = fragment === '#' ? location.pathname + location.search : fragment;
      if (replace) history.replaceState(null, '', address);
      else if (fragment !== location.hash) history.pushState(null, '', address);
      setRead({ view, problems: [] });
    },
    [data],
  );
  return { ...read, change };
}
