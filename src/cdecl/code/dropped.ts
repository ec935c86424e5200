import { skipGroup, type Token } from '../lex/token.ts';
import type { Expression } from './syntax.ts';

// What in a function has no part in the data: messages, locks, checks of the kernel itself, memory of its own.

const MESSAGES =
  /^(?:pr|dev|netdev|pci|kho)_(?:emerg|alert|crit|err|error|warn|warning|notice|info|cont|dbg|debug|devel|vdbg)(?:_once|_ratelimited)?$/;
const CALLS = new Set([
  'printk',
  'printk_once',
  'printk_ratelimited',
  'dump_stack',
  'might_sleep',
  'might_fault',
  'cond_resched',
  'static_assert',
  'BUILD_BUG_ON',
  'BUILD_BUG_ON_MSG',
  'typecheck',
  'kfree',
  'kvfree',
  'vfree',
  'kfree_sensitive',
  'lockdep_set_class',
  'mutex_lock',
  'mutex_unlock',
  'mutex_init',
  'mutex_destroy',
  'down_read',
  'down_write',
  'up_read',
  'up_write',
  'init_rwsem',
  'spin_lock',
  'spin_unlock',
  'spin_lock_irq',
  'spin_unlock_irq',
  'spin_lock_irqsave',
  'spin_unlock_irqrestore',
  'read_lock',
  'read_unlock',
  'write_lock',
  'write_unlock',
  'rcu_read_lock',
  'rcu_read_unlock',
  'inode_lock',
  'inode_unlock',
  'barrier',
  'smp_mb',
  'smp_rmb',
  'smp_wmb',
]);

/** Checks of the kernel itself, and what is traced or shown of it. */
const CHECKS = /^lockdep_|debugfs|^VM_(?:BUG|WARN)_ON|^trace_/;

/** Whether a call that stands alone says nothing about the data. */
export function isDropped({ args }: Expression): boolean {
  const [callee] = args;
  if (callee?.op === 'call') return isGuard(callee);
  return isDroppedName(callee?.op === 'name' ? (callee.text ?? '') : '');
}

function isDroppedName(name: string): boolean {
  return CALLS.has(name) || MESSAGES.test(name) || CHECKS.test(name);
}

/** The tokens of a function's body without the calls that stand alone and say nothing about the data. */
export function withoutDropped(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] as Token;
    const isStatement = /^[;{}]$/.test(kept.at(-1)?.text ?? '{');
    const end = isStatement && isDroppedName(token.text) ? skipGroup(tokens, at + 1) : at;
    if (end > at && tokens[end]?.text === ';') at = end + 1;
    else {
      kept.push(token);
      at += 1;
    }
  }
  return kept;
}

/** `guard(…)`, `scoped_guard(…)`: a lock that its scope gives back. */
export function isGuard({ op, args }: Expression): boolean {
  const [callee] = args;
  return op === 'call' && callee?.op === 'name' && /^(?:scoped_)?guard$|^with_rcu$/.test(callee.text ?? '');
}
