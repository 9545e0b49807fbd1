/*! uPlot 1.6, which is in this script:
The MIT License (MIT)

Copyright (c) 2022 Leon Sorokin

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
*/
// The daily trend of calls and ASR, drawn by uPlot. The table below has its numbers.

import uPlot from 'uplot'
import { el } from './dom.js'
import { written } from './numbers.js'
import { date } from './table.js'

const HEIGHT = 280
/** In seconds, as uPlot counts. */
const DAY = 86_400
/** A date has this much room at least, in pixels. */
const SPACE = 72
const dark = matchMedia('(prefers-color-scheme: dark)')
const axisDates = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const axisNumbers = new Intl.NumberFormat(undefined, { notation: 'compact' })

/**
 * @param {{ date: string, total_calls: number, asr: number }[]} daily
 * @returns {Element}
 */
export function trendChart(daily) {
  const days = daily.map(day => Date.parse(day.date) / 1_000)
  const box = el('div', { class: 'plot' })
  const legend = el('p', { class: 'reading' })
  const most = daily.reduce((best, day) => day.total_calls > best.total_calls ? day : best, daily[0])
  const figure = el('figure', { class: 'chart' },
    el('figcaption', {}, el('h2', {}, 'Calls and answer-seizure ratio by day'), el('ul', { class: 'legend' },
      el('li', {}, el('span', { class: 'swatch calls', 'aria-hidden': true }), 'Calls'),
      el('li', {}, el('span', { class: 'swatch asr', 'aria-hidden': true }), 'Answer-seizure ratio'))),
    el('div', { role: 'img', 'aria-label': summary(daily, most) }, box), legend)

  /** @param {number | null | undefined} index */
  function read(index) {
    const day = index === null || index === undefined ? null : daily[index]
    legend.textContent = day
      ? `${date(day.date)}: ${written(day.total_calls, 'count')} calls, ${written(day.asr, 'percent')}`
      : summary(daily, most)
  }

  /** @type {uPlot | undefined} */
  let plot
  function draw() {
    const width = plot?.width ?? box.clientWidth
    plot?.destroy()
    plot = new uPlot(options(width, read), [days, daily.map(day => day.total_calls), daily.map(ratio)], box)
  }
  read(null)
  // Once it has a width; then whenever it gets another, or the page another colour.
  const observer = new ResizeObserver(() => {
    if (!box.isConnected) {
      observer.disconnect()
      dark.removeEventListener('change', draw)
      plot?.destroy()
    } else if (!plot) draw()
    else if (plot.width !== box.clientWidth) plot.setSize({ width: box.clientWidth, height: HEIGHT })
  })
  observer.observe(box)
  dark.addEventListener('change', draw)
  return figure
}

/** Of a day without calls there is none to draw. @param {{ total_calls: number, asr: number }} day */
function ratio(day) {
  return day.total_calls > 0 ? day.asr : null
}

/** @param {any[]} daily @param {any} most */
function summary(daily, most) {
  const days = daily.length === 1 ? '1 day' : `${written(daily.length, 'count')} days`
  return `${days}; most calls on ${date(most.date)}: ${written(most.total_calls, 'count')}, ${written(most.asr, 'percent')} of them answered.`
}

/** Whole days to name on the axis, as many as there is room for. @param {uPlot} plot */
function dates(plot) {
  const days = Array.from(plot.data[0])
  const step = Math.max(1, Math.ceil(days.length * SPACE / Math.max(plot.bbox.width / devicePixelRatio, SPACE)))
  return days.filter((_, index) => index % step === 0)
}

/** @param {number} width @param {(index: number | null | undefined) => void} onRead @returns {uPlot.Options} */
function options(width, onRead) {
  const style = getComputedStyle(document.documentElement)
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim()
  const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } }
  return {
    width, height: HEIGHT, legend: { show: false }, padding: [12, 4, 0, 4],
    tzDate: at => uPlot.tzDate(new Date(at * 1_000), 'Etc/UTC'),
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      // Half a day more on each side, for the halves of the first and the last bar.
      x: { range: ({ data: [days] }) => [days[0] - DAY / 2, days[days.length - 1] + DAY / 2] },
      calls: { range: (_, __, most) => [0, Math.max(most * 1.05, 1)] },
      asr: { range: [0, 105] }
    },
    axes: [
      { ...axis, grid: { show: false }, values: (_, splits) => splits.map(at => axisDates.format(at * 1_000)), splits: dates, size: 32 },
      { ...axis, scale: 'calls', values: (_, splits) => splits.map(value => axisNumbers.format(value)), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000], size: 52 },
      { ...axis, scale: 'asr', side: 1, grid: { show: false }, values: (_, splits) => splits.map(value => written(value, 'percent')), size: 52 }
    ],
    series: [
      {},
      { scale: 'calls', label: 'Calls', fill: colour('calls'), stroke: colour('calls'), width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.7, 48] }) },
      { scale: 'asr', label: 'ASR', stroke: colour('asr'), width: 2, points: { show: true, size: 5, fill: colour('asr') } }
    ],
    hooks: { setCursor: [plot => onRead(plot.cursor.idx)] }
  }
}
