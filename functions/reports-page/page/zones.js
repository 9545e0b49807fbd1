// Local days of a zone, and the instants at which they begin. A date is `YYYY-MM-DD`, an instant milliseconds since 1970.

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map()

/** @param {string} zone */
function format(zone) {
  let known = formats.get(zone)
  if (!known) {
    known = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', era: 'short',
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit'
    })
    formats.set(zone, known)
  }
  return known
}

/** The visitor's own zone. */
export function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

/** A zone as the API wants it spelled; null for one that the browser does not know. @param {string} zone */
export function knownZone(zone) {
  try {
    const resolved = format(zone).resolvedOptions().timeZone
    // Browsers call some zones by their old names; the API takes both.
    return resolved.toLowerCase() === zone.toLowerCase() ? resolved : Intl.supportedValuesOf('timeZone').includes(zone) ? zone : resolved
  } catch {
    return null
  }
}

/** The date that clocks show. @param {number} at @param {string} zone */
export function dateAt(at, zone) {
  return new Date(local(at, zone)).toISOString().slice(0, 10)
}

/** @param {string} date @param {number} days */
export function addDays(date, days) {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The first day of the month that is so many months later. @param {string} date @param {number} months */
export function monthOf(date, months) {
  const [year, month] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** The instant at which a local day begins. @param {string} date @param {string} zone */
export function midnight(date, zone) {
  return instantOf(Date.parse(date), zone)
}

/** What clocks show, as if it were UTC. @param {number} at @param {string} zone */
export function local(at, zone) {
  const parts = Object.fromEntries(format(zone).formatToParts(at).map(part => [part.type, part.value]))
  return Date.UTC(+parts.year, +parts.month - 1, +parts.day, +parts.hour, +parts.minute, +parts.second)
}

/**
 * The instant at which clocks show a local time: the earlier one where they show it twice, and the first instant after the gap
 * where they skip it.
 * @param {number} wanted As if it were UTC.
 * @param {string} zone
 */
export function instantOf(wanted, zone) {
  const offsets = [-36, 0, 36].map(hours => {
    const near = wanted + hours * 3_600_000
    return local(near, zone) - near
  })
  const shown = offsets.map(offset => wanted - offset).filter(at => local(at, zone) === wanted)
  if (shown.length > 0) return Math.min(...shown)
  // Skipped: from one of these instants to the next the clocks were put forward.
  let [before, after] = [wanted - Math.max(...offsets), wanted - Math.min(...offsets)]
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000
    if (local(middle, zone) < wanted) before = middle
    else after = middle
  }
  return after
}
