// A tree of our own whose code can be run: functions, structs and members go by the kernel's names, the rest is ours.

const LIST = `
struct list_head { struct list_head *next, *prev; };
`;

const BLOCK_ABI = `
#define KHO_BLOCK_SIZE PAGE_SIZE
struct kho_block_header_ser { u64 next; u64 count; };
`;

const BLOCK_HEADER = `
#include <linux/list.h>
#include <linux/kho/abi/block.h>
struct kho_block { struct list_head list; struct kho_block_header_ser *ser; };
struct kho_block_set {
	struct list_head blocks;
	long nblocks;
	u64 head_pa;
	u64 entry_size;
	u64 count_per_block;
	bool incoming;
};
struct kho_block_set_it { struct kho_block_set *set; struct kho_block *block; u64 i; };

static inline u64 kho_block_set_head_pa(struct kho_block_set *set)
{
	return set->head_pa;
}
`;

const BLOCKS = `
#include <linux/kho_block.h>

static void *nth(struct kho_block_set_it *at, u64 number)
{
	return (void *)(at->block->ser + 1) + number * at->set->entry_size;
}

static int remember(struct kho_block_set *set, struct kho_block_header_ser *ser)
{
	struct kho_block *own = kzalloc_obj(*own), *last;

	if (!own)
		return -ENOMEM;
	own->ser = ser;
	last = list_last_entry_or_null(&set->blocks, struct kho_block, list);
	list_add_tail(&own->list, &set->blocks);
	set->nblocks += 1;
	if (last)
		last->ser->next = virt_to_phys(ser);
	else
		set->head_pa = virt_to_phys(ser);
	return 0;
}

int kho_block_set_grow(struct kho_block_set *set, u64 wanted)
{
	while (wanted > set->nblocks * set->count_per_block) {
		struct kho_block_header_ser *ser = kho_alloc_preserve(KHO_BLOCK_SIZE);
		int err = IS_ERR(ser) ? PTR_ERR(ser) : remember(set, ser);

		if (err)
			return err;
	}
	return 0;
}

void kho_block_set_it_init(struct kho_block_set_it *at, struct kho_block_set *set)
{
	at->set = set;
	at->block = list_first_entry_or_null(&set->blocks, struct kho_block, list);
	at->i = 0;
}

void *kho_block_set_it_reserve_entry(struct kho_block_set_it *at)
{
	if (!at->block)
		return NULL;
	if (at->i == at->set->count_per_block) {
		if (list_is_last(&at->block->list, &at->set->blocks))
			return NULL;
		at->block = list_next_entry(at->block, list);
		at->i = 0;
	}
	void *slot = nth(at, at->i++);

	at->block->ser->count = at->i;
	return slot;
}

void *kho_block_set_it_read_entry(struct kho_block_set_it *at)
{
	if (!at->block)
		return NULL;
	if (at->i == at->block->ser->count) {
		if (list_is_last(&at->block->list, &at->set->blocks))
			return NULL;
		at->block = list_next_entry(at->block, list);
		at->i = 0;
	}
	return nth(at, at->i++);
}

int kho_block_set_restore(struct kho_block_set *set, u64 first)
{
	u64 next;

	set->incoming = true;
	for (next = first; next; ) {
		struct kho_block_header_ser *ser = phys_to_virt(next);

		next = ser->next;
		if (!ser->count || ser->count > set->count_per_block || take(set, ser))
			return -EINVAL;
	}
	return 0;
}
`;

/** The one that reads remembers blocks too, without touching what was handed over. */
const TAKE = `
static int take(struct kho_block_set *set, struct kho_block_header_ser *ser)
{
	struct kho_block *own = kzalloc_obj(*own);

	own->ser = ser;
	list_add_tail(&own->list, &set->blocks);
	return 0;
}
`;

const KHO_ABI = `
#define KHO_FDT_COMPATIBLE "kho-v4"
#define KHO_FDT_MEMORY_MAP_PROP_NAME "preserved-memory-map"
#define KHO_SUB_TREE_PROP_NAME "preserved-data"
#define KHO_SUB_TREE_SIZE_PROP_NAME "blob-size"
#define DECLARE_KHOSER_PTR(name, to) union { u64 phys; to ptr; } name
#define KHOSER_STORE_PTR(to, at) ({ typeof(at) own = at; typecheck(typeof((to).ptr), own); (to).phys = virt_to_phys(own); })
#define KHOSER_LOAD_PTR(from) ({ typeof(from) own = from; (typeof((own).ptr))((own).phys ? phys_to_virt((own).phys) : NULL); })
#define KHO_TABLE_SIZE_LOG2 9
#define KHO_BITMAP_SIZE_LOG2 15
#define KHO_TREE_MAX_DEPTH 6
struct kho_vmalloc_chunk;
struct kho_vmalloc_hdr { DECLARE_KHOSER_PTR(next, struct kho_vmalloc_chunk *); };
struct kho_vmalloc_chunk { struct kho_vmalloc_hdr hdr; u64 phys[(PAGE_SIZE - 8) / 8]; };
struct kho_vmalloc { DECLARE_KHOSER_PTR(first, struct kho_vmalloc_chunk *); unsigned int total_pages; unsigned short flags; unsigned short order; };
struct kho_radix_node { u64 table[1 << KHO_TABLE_SIZE_LOG2]; };
struct kho_radix_leaf { unsigned long bitmap[PAGE_SIZE / 8]; };
`;

const KHO_HEADER = `
struct kho_scratch { phys_addr_t addr; phys_addr_t size; };
`;

const KHO = `
#include <linux/kho/abi/kexec_handover.h>
#include <linux/kexec_handover.h>

struct kho_radix_tree { struct kho_radix_node *root; };
struct kho_radix_walk_cb { int (*leaf)(unsigned long key, void *data); };
union page_mark {
	unsigned long whole;
	struct {
		unsigned int order;
		unsigned int sign;
	};
};
static struct kho_radix_tree kept_pages;

static unsigned long kho_encode_radix_key(phys_addr_t at, unsigned int order)
{
	return (1UL << (64 - PAGE_SHIFT - order)) | (at >> (PAGE_SHIFT + order));
}

static phys_addr_t kho_decode_radix_key(unsigned long key, unsigned int *order)
{
	*order = 65 - PAGE_SHIFT - fls64(key);
	return key << (PAGE_SHIFT + *order);
}

int kho_radix_add_key(struct kho_radix_tree *tree, unsigned long key)
{
	struct kho_radix_node *node = tree->root;
	unsigned int level = KHO_TREE_MAX_DEPTH;

	guard(mutex)(&tree->lock);
	while (--level) {
		unsigned long slot = (key >> ((level - 1) * KHO_TABLE_SIZE_LOG2 + KHO_BITMAP_SIZE_LOG2)) % (1UL << KHO_TABLE_SIZE_LOG2);

		if (!node->table[slot])
			node->table[slot] = virt_to_phys((void *)get_zeroed_page(GFP_KERNEL));
		node = phys_to_virt(node->table[slot]);
	}
	__set_bit(key % (1UL << KHO_BITMAP_SIZE_LOG2), ((struct kho_radix_leaf *)node)->bitmap);
	return 0;
}

static int walk(struct kho_radix_node *node, unsigned int level, unsigned long start, const struct kho_radix_walk_cb *cb, void *data)
{
	struct kho_radix_leaf *leaf = (struct kho_radix_leaf *)node;
	unsigned long i;
	int err;

	if (!level) {
		for_each_set_bit(i, leaf->bitmap, PAGE_SIZE * BITS_PER_BYTE) {
			err = cb->leaf(start | i, data);
			if (err)
				return err;
		}
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(node->table); i++) {
		if (!node->table[i])
			continue;
		err = walk(phys_to_virt(node->table[i]), level - 1, start | (i << ((level - 1) * KHO_TABLE_SIZE_LOG2 + KHO_BITMAP_SIZE_LOG2)), cb, data);
		if (err)
			return err;
	}
	return 0;
}

int kho_radix_walk_tree(struct kho_radix_tree *tree, const struct kho_radix_walk_cb *cb, void *data)
{
	return walk(tree->root, KHO_TREE_MAX_DEPTH - 1, 0, cb, data);
}

static unsigned int orders(unsigned long first, unsigned long end)
{
	return min(count_trailing_zeros(first), ilog2(end - first));
}

int kho_preserve_pages(struct page *page, unsigned long count)
{
	unsigned long pfn = page_to_pfn(page), end = pfn + count;

	while (pfn < end) {
		unsigned int order = orders(pfn, end);
		int err = kho_radix_add_key(&kept_pages, kho_encode_radix_key(PFN_PHYS(pfn), order));

		if (err)
			return err;
		pfn += 1UL << order;
	}
	return 0;
}

int kho_preserve_folio(struct folio *folio)
{
	return kho_radix_add_key(&kept_pages, kho_encode_radix_key(PFN_PHYS(folio_pfn(folio)), folio_order(folio)));
}

static int kho_preserved_memory_reserve(unsigned long key, void *data)
{
	union page_mark mark = { .sign = 0x12345678U };
	unsigned int order;
	phys_addr_t at = kho_decode_radix_key(key, &order);

	memblock_reserve(at, PAGE_SIZE << order);
	mark.order = order;
	pfn_to_page(PHYS_PFN(at))->private = mark.whole;
	return 0;
}

static struct page *taken_back(phys_addr_t at, bool is_folio)
{
	struct page *page = pfn_to_page(PHYS_PFN(at));
	union page_mark mark = { .whole = page->private };
	unsigned int order = mark.order, i;

	if (WARN_ON_ONCE(mark.sign != 0x12345678U))
		return NULL;
	page->private = 0;
	for (i = 0; i < 1U << order; i++)
		set_page_count(page + i, i == 0 || !is_folio);
	if (is_folio && order)
		prep_compound_page(page, order);
	return page;
}

struct folio *kho_restore_folio(phys_addr_t at)
{
	struct page *page = taken_back(at, true);

	return page ? page_folio(page) : NULL;
}

static unsigned int largest(unsigned long first, unsigned long end)
{
	return count_trailing_zeros(first) < ilog2(end - first) ? count_trailing_zeros(first) : ilog2(end - first);
}

struct page *kho_restore_pages(phys_addr_t at, unsigned long count)
{
	unsigned long start = PHYS_PFN(at), pfn = start, end = start + count;

	while (pfn < end) {
		struct page *page = taken_back(PFN_PHYS(pfn), false);

		if (!page)
			return NULL;
		pfn += 1UL << largest(pfn, end);
	}
	return pfn_to_page(start);
}

static struct kho_vmalloc_chunk *another(struct kho_vmalloc_chunk *before)
{
	struct kho_vmalloc_chunk *chunk = (struct kho_vmalloc_chunk *)get_zeroed_page(GFP_KERNEL);

	if (before)
		KHOSER_STORE_PTR(before->hdr.next, chunk);
	return chunk;
}

int kho_preserve_vmalloc(void *at, struct kho_vmalloc *kept)
{
	struct vm_struct *area = find_vm_area(at);
	struct kho_vmalloc_chunk *chunk = another(NULL);
	unsigned int used = 0;

	KHOSER_STORE_PTR(kept->first, chunk);
	for (int i = 0; i < area->nr_pages; i++) {
		if (used == ARRAY_SIZE(chunk->phys)) {
			chunk = another(chunk);
			used = 0;
		}
		chunk->phys[used++] = page_to_phys(area->pages[i]);
	}
	kept->total_pages = area->nr_pages;
	kept->order = get_vm_area_page_order(area);
	return 0;
}

void *kho_restore_vmalloc(const struct kho_vmalloc *kept)
{
	struct kho_vmalloc_chunk *chunk = KHOSER_LOAD_PTR(kept->first);
	unsigned int taken = 0, total = kept->total_pages;
	struct page **rows = kvmalloc_objs(*rows, total);
	struct vm_struct *area;

	while (chunk) {
		for (int i = 0; i < ARRAY_SIZE(chunk->phys) && chunk->phys[i]; i++) {
			struct page *page = kho_restore_pages(chunk->phys[i], 1 << kept->order);

			if (!page || taken >= total)
				return NULL;
			rows[taken++] = page;
		}
		chunk = KHOSER_LOAD_PTR(chunk->hdr.next);
	}
	if (taken != total)
		return NULL;
	area = __get_vm_area_node(total * PAGE_SIZE, PAGE_SIZE, PAGE_SHIFT, 0, VMALLOC_START, VMALLOC_END, NUMA_NO_NODE, GFP_KERNEL, NULL);
	if (!area || vmap_pages_range((unsigned long)area->addr, (unsigned long)area->addr + total * PAGE_SIZE, PAGE_KERNEL, rows, PAGE_SHIFT))
		return NULL;
	return area->addr;
}
`;

/** The files by their paths. */
export const ROUND_TRIP_TREE: ReadonlyMap<string, string> = new Map([
  ['include/linux/list.h', LIST],
  ['include/linux/kho/abi/block.h', BLOCK_ABI],
  ['include/linux/kho_block.h', BLOCK_HEADER],
  [
    'kernel/liveupdate/kho_block.c',
    BLOCKS.replace('int kho_block_set_restore', `${TAKE.trim()}\n\nint kho_block_set_restore`),
  ],
  ['include/linux/kho/abi/kexec_handover.h', KHO_ABI],
  ['include/linux/kexec_handover.h', KHO_HEADER],
  ['kernel/liveupdate/kexec_handover.c', KHO],
]);
