// Compiles a table into a function that writes one version of it; the counterpart of read.ts.

import { generated, property } from './generated.ts'
import type { Version } from './read.ts'
import { type Field, type Fields, fieldsOf, includes, type NamedField, type Scalar, type Type } from './schema.ts'
import { WireError } from './wire-error.ts'
import type { Writer } from './writer.ts'

/** Writes a value of the type that it was compiled for: `never` here, since every table has another one. */
export type Write = (writer: Writer, value: never) => void

/** The function that writes a struct of these fields. Fields that the version lacks are not looked at. */
export function compileWrite(fields: Fields, version: Version): Write {
  const { body, tagged } = fieldsOf(fields, version.number)
  const names = body.map(([name]) => property(name))
  // Most often all of them are the very defaults of the table, and are not worth a closer look.
  const areDefaults = tagged.map(([name], k) => `value.${property(name)} === default${k}`).join(' && ')
  const writeTagged = `if (${areDefaults || 'true'}) writer.unsignedVarint(0); else writeTagged(writer, value)`
  const source = `(writer, value) => {
    if (typeof value !== 'object' || value === null) throw new WireError(value + ' is not a struct')
    let k = 0
    try {
      ${names.map((name, k) => `k = ${k}; write${k}(writer, value.${name})`).join('\n')}
    } catch (error) {
      throw error instanceof WireError ? error.inside(names[k]) : error
    }
    ${version.flexible ? writeTagged : ''}
  }`
  const writes = Object.fromEntries(body.map(([, field], k) => [`write${k}`, writeField(field, version)]))
  const defaults = Object.fromEntries(tagged.map(([, field], k) => [`default${k}`, field.default]))
  const captured = { ...writes, ...defaults, names, WireError, writeTagged: compileTagged(tagged, version) }
  // The source above is a function of a writer and a value.
  return generated(source, captured) as Write
}

type Struct = { readonly [name: string]: unknown }

/** Tagged fields are written in the order of their tags, and only those that are not their default. */
function compileTagged(tagged: readonly NamedField[], version: Version): (writer: Writer, value: Struct) => void {
  const all = tagged.map(([name, field]) => {
    if (holdsBytes(field.type)) throw new WireError(`${name}: a tagged field cannot hold bytes`)
    return { name, tag: field.tag ?? 0, write: writeField(field, version), isDefault: isDefault(field) }
  })
  return (writer, value) => {
    let count = 0
    for (const one of all) if (!one.isDefault(value[one.name])) count++
    writer.unsignedVarint(count)
    if (count === 0) return
    for (const { name, tag, write, isDefault } of all) {
      const of = value[name]
      if (isDefault(of)) continue
      writer.unsignedVarint(tag)
      const from = writer.length
      try {
        write(writer, of as never)
      } catch (error) {
        throw error instanceof WireError ? error.inside(name) : error
      }
      writer.insertSize(from)
    }
  }
}

/** Large bytes are chunks of their own, and a tagged field's size is put before it within one chunk. */
function holdsBytes(type: Type): boolean {
  if (type.kind === 'array') return holdsBytes(type.of)
  if (type.kind === 'struct') return Object.values(type.fields).some(field => holdsBytes(field.type))
  return type.name === 'bytes' || type.name === 'records'
}

function isDefault(field: Field<unknown>): (value: unknown) => boolean {
  const { type } = field
  if (field.default === null || type.kind === 'scalar') return value => value === field.default
  if (type.kind === 'array') return value => Array.isArray(value) && value.length === 0
  const fields = Object.entries(type.fields).map(([name, of]) => ({ name, isDefault: isDefault(of) }))
  return value =>
    typeof value === 'object' &&
    value !== null &&
    fields.every(({ name, isDefault }) => isDefault((value as Struct)[name]))
}

function writeField(field: Field<unknown>, version: Version): Write {
  return writeType(field.type, includes(field.nullable, version.number), version)
}

function writeType(type: Type, nullable: boolean, version: Version): Write {
  switch (type.kind) {
    case 'scalar':
      return writeScalar(type.name, nullable, version.flexible)
    case 'array':
      return writeArray(type.of, nullable, version)
    case 'struct':
      return nullable ? writeNullableStruct(type.fields, version) : compileWrite(type.fields, version)
  }
}

function writeScalar(name: Scalar, nullable: boolean, compact: boolean): Write {
  switch (name) {
    case 'bool':
      return (writer: Writer, value: boolean) => writer.bool(value)
    case 'int8':
      return (writer: Writer, value: number) => writer.int8(value)
    case 'int16':
      return (writer: Writer, value: number) => writer.int16(value)
    case 'uint16':
      return (writer: Writer, value: number) => writer.uint16(value)
    case 'int32':
      return (writer: Writer, value: number) => writer.int32(value)
    case 'int64':
      return (writer: Writer, value: number) => writer.int64(value)
    case 'float64':
      return (writer: Writer, value: number) => writer.float64(value)
    case 'uuid':
      return (writer: Writer, value: string) => writer.uuid(value)
    case 'string':
      return (writer: Writer, value: string | null) => {
        if (value === null) checkNull(nullable)
        writer.string(value, compact)
      }
    case 'bytes':
    case 'records':
      return (writer: Writer, value: Uint8Array | null) => {
        if (value === null) {
          checkNull(nullable)
          writer.length32(-1, compact)
          return
        }
        if (!(value instanceof Uint8Array)) throw new WireError(`${String(value)} is not a Uint8Array`)
        writer.length32(value.length, compact)
        writer.bytes(value)
      }
  }
}

function writeArray(of: Type, nullable: boolean, version: Version): Write {
  const write = writeType(of, false, version)
  return (writer: Writer, values: readonly unknown[] | null) => {
    if (values === null) {
      checkNull(nullable)
      writer.length32(-1, version.flexible)
      return
    }
    if (!Array.isArray(values)) throw new WireError(`${String(values)} is not an array`)
    writer.length32(values.length, version.flexible)
    let k = 0
    try {
      for (; k < values.length; k++) write(writer, values[k] as never)
    } catch (error) {
      throw error instanceof WireError ? error.inside(k) : error
    }
  }
}

function writeNullableStruct(fields: Fields, version: Version): Write {
  const write = compileWrite(fields, version)
  return (writer: Writer, value: Struct | null) => {
    writer.int8(value === null ? -1 : 1)
    if (value !== null) write(writer, value as never)
  }
}

function checkNull(nullable: boolean): void {
  if (!nullable) throw new WireError('it is null, which this version does not allow')
}
