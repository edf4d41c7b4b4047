// What a table can say that none of Kafka's tables says now, and what it must not say.

import { expect, test } from 'vitest'
import { compileRead } from './read.ts'
import { Reader } from './reader.ts'
import { array, bytes, type Fields, fieldsOf, float64, int32, nullable, string, struct, tagged } from './schema.ts'
import { compileWrite } from './write.ts'
import { Writer } from './writer.ts'

test('a field can become tagged, and become nullable, in a later version', () => {
  const fields = { a: tagged(0, int32('1+', 5), '2+'), b: nullable('2-3', string('0-3')), c: float64('1') }
  const inVersion = (number: number) => {
    const { body, tagged } = fieldsOf(fields, number)
    return [body.map(([name]) => name), tagged.map(([name]) => name)]
  }
  expect(inVersion(0)).toEqual([['b'], []])
  expect(inVersion(1)).toEqual([['a', 'b', 'c'], []])
  expect(inVersion(2)).toEqual([['b'], ['a']])
  expect(inVersion(4)).toEqual([[], ['a']])
  expect(hexOf(fields, 1, { a: 5, b: 'x', c: 1.5 })).toBe('00000005' + '0278' + '3ff8000000000000' + '00')
  expect(hexOf(fields, 2, { a: 5, b: null, c: 0 })).toBe('00' + '00')
  expect(hexOf(fields, 2, { a: 6, b: null, c: 0 })).toBe('00' + '01' + '00' + '04' + '00000006')
  expect(() => hexOf(fields, 1, { a: 5, b: null, c: 0 })).toThrow('b: it is null')
})

test('tagged fields are written in the order of their tags, whatever their order in the table', () => {
  const fields = { a: tagged(3, int32()), b: tagged(1, struct('0+', { c: int32(), d: array('0+', 'int32') })) }
  const value = { a: 1, b: { c: 2, d: [] } }
  const hex = `02${'01' + '06' + '00000002' + '01' + '00'}${'03' + '04' + '00000001'}`
  expect(hexOf(fields, 0, value)).toBe(hex)
  expect(compileRead(fields, { number: 0, flexible: true })(new Reader(Uint8Array.fromHex(hex)))).toEqual(value)
  expect(hexOf(fields, 0, { a: 0, b: { c: 0, d: [] } })).toBe('00')
  expect(hexOf(fields, 0, { a: 0, b: { c: 0, d: [1] } })).toBe(
    `01${'01' + '0a' + '00000000' + '02' + '00000001' + '00'}`,
  )
})

test('the order of tags is that of their numbers', () => {
  const fields = { d: tagged(1, int32()), c: tagged(2, int32()), a: tagged(4, int32()), b: tagged(3, int32()) }
  expect(fieldsOf(fields, 0).tagged.map(([name]) => name)).toEqual(['d', 'c', 'b', 'a'])
})

test('an array of what takes no bytes cannot be longer than the frame', () => {
  const fields = { a: array('0+', { b: int32('1+') }) }
  const read = compileRead(fields, { number: 0, flexible: false })
  expect(read(new Reader(Uint8Array.fromHex('00000003ffffff')))).toEqual({ a: [{ b: 0 }, { b: 0 }, { b: 0 }] })
  expect(() => read(new Reader(Uint8Array.fromHex('00000003ffff')))).toThrow('a: 3 elements')
  expect(() => read(new Reader(Uint8Array.fromHex('7fffffff')))).toThrow('a: 2147483647 elements')
})

test('a size longer than one byte is put before a tagged field', () => {
  const fields = { a: tagged(0, string()), b: tagged(200, string()) }
  const value = { a: 'x'.repeat(200), b: 'y'.repeat(20_000) }
  const hex = hexOf(fields, 0, value)
  expect(hex.slice(0, 12)).toBe('02' + '00' + 'ca01' + 'c901')
  expect(compileRead(fields, { number: 0, flexible: true })(new Reader(Uint8Array.fromHex(hex)))).toEqual(value)
})

test('a tagged field cannot hold bytes, nor a field be called like something else than a field', () => {
  const compile = (fields: Fields) => () => compileWrite(fields, { number: 0, flexible: true })
  expect(compile({ a: tagged(0, bytes()) })).toThrow('a: a tagged field cannot hold bytes')
  expect(compile({ a: tagged(0, array('0+', 'records')) })).toThrow('a: a tagged field cannot hold bytes')
  expect(compile({ a: tagged(0, struct('0+', { b: int32(), c: bytes() })) })).toThrow(
    'a: a tagged field cannot hold bytes',
  )
  expect(compile({ 'a; throw 0': int32() })).toThrow('cannot be the name of a field')
})

function hexOf(fields: Fields, number: number, value: object): string {
  const writer = new Writer()
  writer.begin()
  compileWrite(fields, { number, flexible: true })(writer, value as never)
  return writer
    .finish()
    .map(chunk => chunk.toHex())
    .join('')
}
