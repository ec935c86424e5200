import type { SpecifierNode } from '../expression/ast.ts';

// Locks and what holds them: the kernel's own state of one boot, laid out by the options of a build. From
// include/linux/spinlock_types.h, spinlock_types_raw.h, rwlock_types.h, mutex_types.h, rwsem.h, rtmutex.h, seqlock_types.h,
// semaphore.h, wait.h, completion.h, workqueue_types.h, local_lock_internal.h, lockdep_types.h.

const DEBUGGED = 'CONFIG_DEBUG_LOCK_ALLOC';
const SPINS = `CONFIG_PREEMPT_RT, CONFIG_DEBUG_SPINLOCK and ${DEBUGGED}`;
const SLEEPS = `CONFIG_PREEMPT_RT, CONFIG_DEBUG_MUTEXES and ${DEBUGGED}`;

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['arch_spinlock_t', 'CONFIG_SMP'],
  ['arch_rwlock_t', 'CONFIG_SMP'],
  ['completion', SPINS],
  ['delayed_work', DEBUGGED],
  ['local_lock_t', SPINS],
  ['lockdep_map', `CONFIG_LOCKDEP and ${DEBUGGED}`],
  ['mutex', SLEEPS],
  ['raw_spinlock', SPINS],
  ['raw_spinlock_t', SPINS],
  ['rt_mutex', SPINS],
  ['rw_semaphore', `CONFIG_PREEMPT_RT, CONFIG_RWSEM_SPIN_ON_OWNER and ${DEBUGGED}`],
  ['rwlock_t', SPINS],
  ['semaphore', SPINS],
  ['seqcount_t', DEBUGGED],
  ['seqlock_t', SPINS],
  ['spinlock', SPINS],
  ['spinlock_t', SPINS],
  ['wait_queue_head', SPINS],
  ['wait_queue_head_t', SPINS],
  ['work_struct', DEBUGGED],
]);

/** The lock that a specifier names, with the options of a build that lay it out, in words; undefined for what is none. */
export function lockNamed(specifier: SpecifierNode): { name: string; options: string } | undefined {
  const [name = '', word = ''] =
    specifier.node === 'named'
      ? [specifier.name, '']
      : specifier.node === 'record'
        ? [specifier.tag, `${specifier.kind} `]
        : [];
  const options = OPTIONS.get(name);
  return options === undefined ? undefined : { name: `${word}${name}`, options };
}
