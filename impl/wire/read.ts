// Compiles a table into a function that reads one version of it. What a version has is decided here, once: while reading
// there is no check of versions left.

import { generated, property } from './generated.ts'
import type { Reader } from './reader.ts'
import { defaultsOf, type Field, type Fields, fieldsOf, includes, type Scalar, type Type } from './schema.ts'
import { WireError } from './wire-error.ts'

export type Read = (reader: Reader) => unknown

/** What is fixed once a message's version is: whether lengths are compact and structs end in tagged fields. */
export type Version = { readonly number: number; readonly flexible: boolean }

/** The function that reads a struct of these fields, which throws WireError for what is no such struct. */
export function compileRead(fields: Fields, version: Version): Read {
  const { body, tagged } = fieldsOf(fields, version.number)
  const names = body.map(([name]) => name)
  const tags = new Map(tagged.map(([name, field]) => [field.tag, { name, read: readField(field, version) }]))
  const values = Object.keys(fields).map(name => {
    const k = names.indexOf(name)
    return `${property(name)}: ${k === -1 ? `defaults.${name}` : `v${k}`}`
  })
  // Tagged fields are read after the struct is made, in whatever order they come.
  const source = `reader => {
    let k = 0, value
    try {
      ${names.map((_, k) => `k = ${k}; const v${k} = read${k}(reader)`).join('\n')}
      value = { ${values.join(', ')} }
    } catch (error) {
      throw error instanceof WireError ? error.inside(names[k]) : error
    }
    ${version.flexible ? 'readTagged(reader, value, tags)' : ''}
    return value
  }`
  const reads = Object.fromEntries(body.map(([, field], k) => [`read${k}`, readField(field, version)]))
  const captured = { ...reads, names, defaults: defaultsOf(fields), WireError, readTagged, tags }
  // The source above is a function of a reader.
  return generated(source, captured) as Read
}

type Tags = ReadonlyMap<number | null, { readonly name: string; readonly read: Read }>

/** Tags that are not in the table are skipped: they are how later releases add to a version (KIP-482). */
function readTagged(reader: Reader, value: Record<string, unknown>, tags: Tags): void {
  const count = reader.unsignedVarint()
  for (let k = 0; k < count; k++) {
    const tag = reader.unsignedVarint()
    const size = reader.unsignedVarint()
    const from = reader.at
    reader.skip(size)
    const known = tags.get(tag)
    if (known === undefined) continue
    const after = { at: reader.at, end: reader.end }
    reader.at = from
    reader.end = after.at
    try {
      value[known.name] = known.read(reader)
      if (reader.left > 0) throw new WireError(`${reader.left} bytes are left of tag ${tag}`, reader.at)
    } catch (error) {
      throw error instanceof WireError ? error.inside(known.name) : error
    }
    reader.end = after.end
  }
}

function readField(field: Field<unknown>, version: Version): Read {
  return readType(field.type, includes(field.nullable, version.number), version)
}

function readType(type: Type, nullable: boolean, version: Version): Read {
  switch (type.kind) {
    case 'scalar':
      return readScalar(type.name, nullable, version.flexible)
    case 'array':
      return readArray(type.of, nullable, version)
    case 'struct':
      return nullable ? readNullableStruct(type.fields, version) : compileRead(type.fields, version)
  }
}

function readScalar(name: Scalar, nullable: boolean, compact: boolean): Read {
  switch (name) {
    case 'bool':
      return reader => reader.bool()
    case 'int8':
      return reader => reader.int8()
    case 'int16':
      return reader => reader.int16()
    case 'uint16':
      return reader => reader.uint16()
    case 'int32':
      return reader => reader.int32()
    case 'int64':
      return reader => reader.int64()
    case 'float64':
      return reader => reader.float64()
    case 'uuid':
      return reader => reader.uuid()
    case 'string':
      return reader => {
        const length = reader.stringLength(compact)
        return length === -1 ? nullOr(nullable, reader) : reader.string(length)
      }
    case 'bytes':
    case 'records':
      return reader => {
        const length = reader.bytesLength(compact)
        return length === -1 ? nullOr(nullable, reader) : reader.bytes(length)
      }
  }
}

function readArray(of: Type, nullable: boolean, version: Version): Read {
  const read = readType(of, false, version)
  const elementBytesMin = bytesMin(of, false, version)
  return reader => {
    const count = reader.arrayLength(version.flexible, elementBytesMin)
    if (count === -1) return nullOr(nullable, reader)
    const values: unknown[] = []
    try {
      for (let k = 0; k < count; k++) values.push(read(reader))
    } catch (error) {
      throw error instanceof WireError ? error.inside(values.length) : error
    }
    return values
  }
}

/** A byte says whether there is a struct: negative is null. */
function readNullableStruct(fields: Fields, version: Version): Read {
  const read = compileRead(fields, version)
  return reader => (reader.int8() < 0 ? null : read(reader))
}

function nullOr(nullable: boolean, reader: Reader): null {
  if (!nullable) throw new WireError('it is null, which this version does not allow', reader.at)
  return null
}

/** The fewest bytes that a value of this type takes. */
function bytesMin(type: Type, nullable: boolean, version: Version): number {
  if (type.kind === 'array') return version.flexible ? 1 : 4
  if (type.kind === 'scalar') return scalarBytesMin(type.name, version.flexible)
  if (nullable) return 1
  const { body } = fieldsOf(type.fields, version.number)
  return body.reduce(
    (sum, [, field]) => sum + bytesMin(field.type, includes(field.nullable, version.number), version),
    version.flexible ? 1 : 0,
  )
}

function scalarBytesMin(name: Scalar, compact: boolean): number {
  switch (name) {
    case 'bool':
    case 'int8':
      return 1
    case 'int16':
    case 'uint16':
      return 2
    case 'int32':
      return 4
    case 'int64':
    case 'float64':
      return 8
    case 'uuid':
      return 16
    case 'string':
      return compact ? 1 : 2
    case 'bytes':
    case 'records':
      return compact ? 1 : 4
  }
}
