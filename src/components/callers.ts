import { CALLERS_ID } from '../model/component-state.ts';

/** Under this id stands whatever code hands over or takes and no component covers. */
export const CALLERS = {
  id: CALLERS_ID,
  title: 'Other callers',
  summary:
    'Code that hands something over or takes it, and that no component covers: it is told of, not judged.',
} as const;
