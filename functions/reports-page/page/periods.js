// Periods: which window a choice stands for, which one it is compared with, and how both are written.

import { addDays, dateAt, instantOf, local, midnight, monthOf } from './zones.js'

const DAY = 86_400_000

/**
 * A half-open window, and the zone whose days it is made of. Instants are RFC 3339, as they are sent.
 * @typedef {{ from: string, to: string, zone: string }} Window
 */

/** The periods that are offered; each ends now or with the last day of a month. */
export const CHOICES = /** @type {const} */ ({
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  month: 'This month',
  'last-month': 'Last month'
})

/** @typedef {keyof typeof CHOICES} Choice */

/**
 * The window of a choice, in days of a zone. Days up to now include today.
 * @param {Choice} choice
 * @param {string} zone
 * @param {number} now
 * @returns {Window}
 */
export function chosen(choice, zone, now) {
  const today = dateAt(now, zone)
  const since = (/** @type {string} */ date) => between(midnight(date, zone), now, zone)
  switch (choice) {
    case '7d': return since(addDays(today, -6))
    case '30d': return since(addDays(today, -29))
    case 'month': return since(monthOf(today, 0))
    case 'last-month': return ofDays(monthOf(today, -1), addDays(monthOf(today, 0), -1), zone)
  }
}

/**
 * The window of a place.
 * @param {{ choice: Choice | null, from: string | null, to: string | null, zone: string }} place
 * @param {number} now
 * @returns {Window}
 */
export function windowOf({ choice, from, to, zone }, now) {
  return choice || !from || !to ? chosen(choice ?? '30d', zone, now) : { from, to, zone }
}

/** The window of whole days, both included. @param {string} first @param {string} last @param {string} zone */
export function ofDays(first, last, zone) {
  return between(midnight(first, zone), midnight(addDays(last, 1), zone), zone)
}

/**
 * The window that one is compared with. Of a month it is the month before, of whole days as many right before them, as in
 * digests; days and months that are not over yet are compared with as much of those before, by the clock. Anything else is
 * compared with what is as long and right before it.
 * @param {Window} window
 * @param {Choice | null} choice What it is the window of.
 * @param {number} now
 * @returns {Window}
 */
export function before(window, choice, now) {
  const { zone } = window
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)]
  if (!isMidnight(from, zone)) return between(from - (to - from), from, zone)
  // What is still to come has nothing to be compared with yet.
  const until = to > now && from < now ? now : to
  const [first, last] = [dateAt(from, zone), dateAt(until - 1, zone)]
  const isOver = until === to && isMidnight(to, zone)
  const isWholeMonth = isOver && first === monthOf(first, 0) && addDays(last, 1) === monthOf(first, 1)
  const isMonth = choice === null ? isWholeMonth : choice === 'month' || choice === 'last-month'
  const back = isMonth ? gap(monthOf(first, -1), first) : gap(first, last) + 1
  const start = midnight(addDays(first, -back), zone)
  // The month before may be shorter than what there is of this one.
  const end = isOver ? from : Math.min(instantOf(local(until, zone) - back * DAY, zone), from)
  return between(start, end, zone)
}

/** How many days one date is after another. @param {string} from @param {string} to */
function gap(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY)
}

/** @param {number} at @param {string} zone */
function isMidnight(at, zone) {
  return midnight(dateAt(at, zone), zone) === at
}

/** The first and the last local day of a window. @param {Window} window */
export function days({ from, to, zone }) {
  return { first: dateAt(Date.parse(from), zone), last: dateAt(Date.parse(to) - 1, zone) }
}

/** In words: its days, and the time where it does not begin or end with one. @param {Window} window */
export function written(window) {
  const { zone } = window
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)]
  const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: zone })
  if (isMidnight(from, zone) && isMidnight(to, zone)) return date.formatRange(from, to - 1)
  const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  return `${(isMidnight(from, zone) ? date : time).format(from)} – ${time.format(to)}`
}

/** @param {number} from @param {number} to @param {string} zone */
function between(from, to, zone) {
  return { from: instant(from), to: instant(to), zone }
}

/** @param {number} at */
function instant(at) {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
