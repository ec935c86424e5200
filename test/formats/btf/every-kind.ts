import { BlobWriter } from './blob.ts';

/** A blob with every kind, and its text as btfLines gives it. */
export function everyKind(isBigEndian: boolean): Buffer {
  return new BlobWriter({ isBigEndian })
    .int('int', 4, 1)
    .int('_Bool', 1, 4)
    .int('char', 1, 2)
    .int('unsigned int', 4)
    .add('ptr', { last: 6 })
    .add('struct', {
      name: 's',
      last: 24,
      vlen: 3,
      flag: true,
      words: ['a', 1, (3 << 24) | 0, 'b', 4, 32, 'next', 5, 64],
    })
    .add('union', { last: 4, vlen: 2, words: ['x', 1, 0, 'y', 4, 0] })
    .add('array', { words: [7, 4, 5] })
    .add('enum', { name: 'e', last: 4, vlen: 2, flag: true, words: ['MINUS', -1, 'FIVE', 5] })
    .add('enum', { last: 4, vlen: 1, words: ['TOP', 0xffffffff] })
    .add('enum64', { name: 'w', last: 8, vlen: 1, words: ['WIDE', 0xfffffffe, 0xffffffff] })
    .add('enum64', { last: 8, vlen: 1, flag: true, words: ['DEEP', 0xfffffffe, 0xffffffff] })
    .add('fwd', { name: 'f' })
    .add('fwd', { name: 'u', flag: true })
    .add('typedef', { name: 't', last: 6 })
    .add('const', { last: 1 })
    .add('volatile', { last: 16 })
    .add('restrict', { last: 5 })
    .add('func-proto', { last: 1, vlen: 2, words: ['p', 5, 0, 0] })
    .add('func', { name: 'do_it', last: 19, vlen: 1 })
    .add('var', { name: 'v', last: 6, words: [1] })
    .add('datasec', { name: '.data', last: 64, vlen: 1, words: [21, 8, 24] })
    .add('float', { name: 'double', last: 8 })
    .add('decl-tag', { name: 'tag', last: 6, words: [-1] })
    .add('type-tag', { name: 'user', last: 1 })
    .bytes();
}

export const EVERY_KIND = `\
[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
[2] INT '_Bool' size=1 bits_offset=0 nr_bits=8 encoding=BOOL
[3] INT 'char' size=1 bits_offset=0 nr_bits=8 encoding=CHAR
[4] INT 'unsigned int' size=4 bits_offset=0 nr_bits=32 encoding=(none)
[5] PTR '(anon)' type_id=6
[6] STRUCT 's' size=24 vlen=3
	'a' type_id=1 bits_offset=0 bitfield_size=3
	'b' type_id=4 bits_offset=32
	'next' type_id=5 bits_offset=64
[7] UNION '(anon)' size=4 vlen=2
	'x' type_id=1 bits_offset=0
	'y' type_id=4 bits_offset=0
[8] ARRAY '(anon)' type_id=7 index_type_id=4 nr_elems=5
[9] ENUM 'e' encoding=SIGNED size=4 vlen=2
	'MINUS' val=-1
	'FIVE' val=5
[10] ENUM '(anon)' encoding=UNSIGNED size=4 vlen=1
	'TOP' val=4294967295
[11] ENUM64 'w' encoding=UNSIGNED size=8 vlen=1
	'WIDE' val=18446744073709551614ULL
[12] ENUM64 '(anon)' encoding=SIGNED size=8 vlen=1
	'DEEP' val=-2LL
[13] FWD 'f' fwd_kind=struct
[14] FWD 'u' fwd_kind=union
[15] TYPEDEF 't' type_id=6
[16] CONST '(anon)' type_id=1
[17] VOLATILE '(anon)' type_id=16
[18] RESTRICT '(anon)' type_id=5
[19] FUNC_PROTO '(anon)' ret_type_id=1 vlen=2
	'p' type_id=5
	'(anon)' type_id=0
[20] FUNC 'do_it' type_id=19 linkage=global
[21] VAR 'v' type_id=6, linkage=global
[22] DATASEC '.data' size=64 vlen=1
	type_id=21 offset=8 size=24 (VAR 'v')
[23] FLOAT 'double' size=8
[24] DECL_TAG 'tag' type_id=6 component_idx=-1
[25] TYPE_TAG 'user' type_id=1
`;
