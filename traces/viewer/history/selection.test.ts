// Which operation and which anomaly are selected.
import { expect, test } from 'vitest'
import { anomaliesOf, firstShown, linkTo, type Selection, selectionOfKey, selectionOfLink } from './selection.ts'
import { emptyPicture, smallPicture } from './testing/pictures.ts'

const picture = smallPicture()

test('a violation opens at its weightiest anomaly, and everything else at its first operation', () => {
  expect(firstShown(picture)).toEqual({ operation: 4, anomaly: 0 })
  const allowed = smallPicture({ anomalies: picture.anomalies.slice(1) })
  expect(firstShown(allowed)).toEqual({ operation: 0, anomaly: null })
  expect(firstShown(emptyPicture())).toEqual({ operation: 0, anomaly: null })
})

test('a link names an operation by its line, and an anomaly by its number', () => {
  expect(selectionOfLink('#step=2', picture)).toEqual({ operation: 1, anomaly: null })
  expect(selectionOfLink('#anomaly=2', picture)).toEqual({ operation: 3, anomaly: 1 })
  for (const other of ['', '#', '#step=', '#step=1', '#step=99', '#step=2&x', '#anomaly=0', '#anomaly=3', '#x=1']) {
    expect(selectionOfLink(other, picture)).toBeNull()
  }
})

test('what is selected has a link that selects it', () => {
  for (const operation of picture.operations.keys()) {
    const selection = { operation, anomaly: null }
    expect(selectionOfLink(linkTo(picture, selection), picture)).toEqual(selection)
  }
  expect(linkTo(picture, { operation: 4, anomaly: 0 })).toBe('#anomaly=1')
  expect(linkTo(picture, { operation: 1, anomaly: 0 })).toBe('#step=2')
})

test('keys step and stop at both ends, go round the anomalies, and leave others alone', () => {
  const after = (keys: readonly string[], from: Selection = { operation: 0, anomaly: null }) =>
    keys.reduce((selection, key) => selectionOfKey(key, selection, picture) ?? selection, from)
  expect(after(['ArrowLeft']).operation).toBe(0)
  expect(after(['ArrowRight', 'j', 'n', 'k']).operation).toBe(2)
  expect(after(['End', 'ArrowRight']).operation).toBe(5)
  expect(after(['PageDown']).operation).toBe(5)
  expect(after(['a'])).toEqual({ operation: 4, anomaly: 0 })
  expect(after(['a', 'a', 'a'])).toEqual({ operation: 4, anomaly: 0 })
  expect(after(['A'])).toEqual({ operation: 3, anomaly: 1 })
  expect(after(['a', 'Home'])).toEqual({ operation: 0, anomaly: 0 })
  expect(after(['a', 'Escape'])).toEqual({ operation: 4, anomaly: null })
  expect(selectionOfKey('x', { operation: 0, anomaly: null }, picture)).toBeNull()
  expect(selectionOfKey('a', { operation: 0, anomaly: null }, emptyPicture())).toBeNull()
})

test('an operation knows its anomalies', () => {
  expect(anomaliesOf(picture, 4)).toEqual([0])
  expect(anomaliesOf(picture, 3)).toEqual([1])
  expect(anomaliesOf(picture, 0)).toEqual([])
})
