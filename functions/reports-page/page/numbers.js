// Numbers as the visitor's language writes them, with every digit that the API has: at most two decimals, none added.

const integer = new Intl.NumberFormat()
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
const percentage = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'percent', maximumFractionDigits: 2 })
const second = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 2 })
const signed = { signDisplay: /** @type {const} */ ('exceptZero'), minimumFractionDigits: 2, maximumFractionDigits: 2 }
const signedPercentage = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'percent', ...signed })
const signedPoints = new Intl.NumberFormat(undefined, signed)

/** @typedef {'text' | 'count' | 'percent' | 'seconds' | 'score' | 'date' | 'instant' | 'flag'} Unit */

/** What stands where there is no value. */
export const NONE = '–'

/**
 * A value of the API in words.
 * @param {any} value
 * @param {Unit} unit
 * @returns {string}
 */
export function written(value, unit) {
  if (value === null || value === undefined) return NONE
  switch (unit) {
    case 'count': return integer.format(value)
    case 'percent': return percentage.format(value)
    case 'seconds': return second.format(value)
    case 'score': return decimal.format(value)
    case 'flag': return value ? 'Yes' : 'No'
    default: return String(value)
  }
}

/** Whether values of a unit are numbers, which stand on the right. @param {Unit} unit */
export function isNumber(unit) {
  return unit === 'count' || unit === 'percent' || unit === 'seconds' || unit === 'score'
}

/**
 * Seconds as hours, minutes and seconds, `34:17:36`; those of less than a minute need no such help.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.round(seconds)
  if (whole < 60) return ''
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${integer.format(hours)}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/**
 * How much a number of the API changed: a count or a duration in percent of what it was, a percentage or a score in points.
 * Null where a percentage could not tell. As in the mails: computed from the values shown, in exact arithmetic, rounded half
 * away from zero.
 * @param {number} current
 * @param {number} previous
 * @param {Unit} unit
 * @returns {number | null}
 */
export function change(current, previous, unit) {
  const [to, from] = [hundredths(current), hundredths(previous)]
  if (unit === 'percent' || unit === 'score') return (to - from) / 100
  if (from === 0) return to === 0 ? 0 : null
  return Number(rounded(BigInt(to - from) * 10_000n, BigInt(from))) / 100
}

/** @param {number | null} difference @param {Unit} unit */
export function writtenChange(difference, unit) {
  if (difference === null) return 'up from 0'
  if (unit === 'percent' || unit === 'score') return `${signedPoints.format(difference)} points`
  return signedPercentage.format(difference)
}

/** No number of a report has more than two decimals. @param {number} value */
function hundredths(value) {
  return Math.round(value * 100)
}

/** @param {bigint} dividend @param {bigint} divisor */
function rounded(dividend, divisor) {
  const twice = 2n * dividend
  return (twice + (twice < 0n ? -divisor : divisor)) / (2n * divisor)
}
