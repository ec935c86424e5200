import assert from 'node:assert/strict';
import { builtInComponents } from '../../src/components/index.ts';
import type { ComponentDefinition } from '../../src/model/component-definition.ts';

/** The definition of a component that comes with the program. */
export function definitionOf(id: string): ComponentDefinition {
  const found = builtInComponents().find((definition) => definition.id === id);
  assert.ok(found, `no component ${id}`);
  return found;
}
