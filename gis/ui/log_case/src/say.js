/** Distances, times and names of tasks in the language of the page. */

import { directionOf, distanceM, lampOf, spanOf } from './tasks.js';

const NEAR_M = 15;

export class Sayer {
  constructor({ words, locale }) {
    this.say = words.say;
    this.locale = locale;
  }

  /** `name('class', task)` reads class_zh or class_en. */
  name(field, from) {
    const [zh, en] = [from[`${field}_zh`], from[`${field}_en`]];
    return (this.locale === 'en' ? en ?? zh : zh) ?? '';
  }

  /** "120 m north-east", or nothing without a position. */
  distance(here, to) {
    if (!here) return '';
    const metres = distanceM(here, to);
    if (metres < NEAR_M) return this.say('here');
    const direction = this.say(directionOf(here, to));
    if (metres < 1000) return this.say('metres_away', { metres: Math.round(metres / 10) * 10, direction });
    return this.say('kilometres_away', { kilometres: (metres / 1000).toFixed(1), direction });
  }

  span(ms) {
    const parts = spanOf(ms);
    if (!parts.length) return this.say('under_a_minute');
    return parts.map(([n, unit]) => this.say(unit, { n })).join(' ');
  }

  /** { lamp, words } of a task at a moment. */
  time(task, now, yellowAfter) {
    const lamp = lampOf(task, now, yellowAfter);
    if (!lamp) return { lamp: 'none', words: this.say('no_limit') };
    const left = Date.parse(task.due_at) - now;
    return { lamp, words: this.say(left < 0 ? 'overdue' : 'left', { span: this.span(left) }) };
  }

  /** A moment of the district, or of this device (milliseconds). */
  moment(at, zone) {
    const options = { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    return new Intl.DateTimeFormat(this.locale, { ...options, timeZone: zone }).format(new Date(at));
  }

  place(task) {
    return [this.name('street', task), this.name('community', task)].filter(Boolean).join(' ');
  }

  kind(task) {
    return this.name('class', task) || task.class_code;
  }
}
