import { expect, test } from 'vitest'
import { harmless } from './screen.ts'

test('other people’s text does not steer the terminal: colours and lines stay, all else is shown', () => {
  expect(harmless('\x1b[1m\x1b[31mviolation\x1b[0m\n\tof L1')).toBe('\x1b[1m\x1b[31mviolation\x1b[0m\n\tof L1')
  expect(harmless('a\x1b[2Jb\x07c\rd\x00')).toBe('a␛[2Jb␇c␍d␀')
  expect(harmless('\x1b]0;title\x07')).toBe('␛]0;title␇')
  expect(harmless('\x9b31m\x7f')).toBe('␡31m␡')
  expect(harmless('\x07[31m')).toBe('␇[31m')
})
