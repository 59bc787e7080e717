/** Drawings of what the server says: the lines of a feature, and everything that lies in one unit grid. */
import { h, icon } from './dom.js';

const COLOUR = /^#[0-9a-fA-F]{3,8}$/;
const LAMPS = { red: 'warn', yellow: 'time', green: 'check', none: 'time' };
const OURS = /^\/(?!\/)/;

/** A link inside this product, in a tab of its own: the map stays open. Anything else is text. */
export function link(href, text, attributes = {}) {
  if (!OURS.test(href ?? '')) return h('span', {}, text);
  return h('a', { href, target: '_blank', rel: 'noopener', ...attributes }, text);
}

/** Titles above values, as people wrote them and nothing else. */
export function lines(pairs) {
  return h('dl', { class: 'wb-lines' }, pairs.map(({ title, value }) =>
    h('div', {}, h('dt', {}, title), h('dd', {}, value))));
}

/** A moment in the district's time; a text that is no moment stays as it is. */
export function moment(text, { locale, zone }) {
  if (!/^\d{4}-\d\d-\d\dT/.test(text ?? '')) return text ?? '';
  return new Intl.DateTimeFormat(locale, { timeZone: zone, month: 'numeric', day: 'numeric', hour: '2-digit',
    minute: '2-digit', hour12: false }).format(new Date(text));
}

function lamp(one, bench) {
  const kind = Object.hasOwn(LAMPS, one.lamp) ? one.lamp : 'none';
  return h('span', { class: `wb-lamp wb-lamp-${kind}` }, icon(LAMPS[kind], 14), bench.say(`lamp.${kind}`));
}

function caseRow(one, bench) {
  return h('li', {},
    h('div', { class: 'wb-case-head' }, link(one.href, one.number), lamp(one, bench)),
    h('div', { class: 'wb-case-title' }, one.title),
    h('div', { class: 'wb-case-state' }, [one.state,
      one.due && bench.say('case.due', { at: moment(one.due, bench.config) })].filter(Boolean).join(' · ')));
}

function cases(found, bench) {
  if (!found) return null;
  const { say, number } = bench;
  const more = found.total - found.list.length;
  return h('section', { class: 'wb-part' },
    h('h4', {}, say('grid.cases'), h('span', { class: 'wb-count' }, number(found.total))),
    found.total === 0 && h('p', { class: 'wb-note' }, say('grid.no_cases')),
    found.list.length > 0 && h('ul', { class: 'wb-cases' }, found.list.map((one) => caseRow(one, bench))),
    more > 0 && h('p', { class: 'wb-note' }, say('grid.more_cases', { n: number(more) })));
}

function supervisor(who, bench) {
  if (!who) return null;
  const { say } = bench;
  const duty = who.on_duty ?? [];
  const names = (who.names ?? []).join(bench.config.locale === 'en' ? ', ' : '、');
  return h('section', { class: 'wb-part' },
    h('h4', {}, say('grid.supervisor'), who.roster_href && link(who.roster_href, say('grid.roster'))),
    h('p', {}, icon('person', 16), names || say('grid.no_supervisor')),
    duty.map((one) => h('p', { class: 'wb-duty' }, say('grid.on_duty',
      { name: one.name, shift: one.shift ?? '', until: moment(one.until, bench.config) }))),
    !duty.length && names && h('p', { class: 'wb-note' }, say('grid.off_duty')));
}

function people(profile, bench) {
  if (typeof profile.people !== 'number') return null;
  const { say, number } = bench;
  const told = { area: profile.people_of, day: profile.people_as_of };
  return h('section', { class: 'wb-part' },
    h('h4', {}, say('grid.people'), h('span', { class: 'wb-count' }, number(profile.people))),
    told.day && h('p', { class: 'wb-note' }, say(told.area ? 'grid.people_of' : 'grid.people_as_of', told)));
}

function groupPart(group, bench) {
  const { number } = bench;
  const figure = (value) => (typeof value === 'number' ? number(value, 1) : value);
  const most = Math.max(0, ...group.lines.map(({ amount }) => amount ?? 0));
  return h('section', { class: 'wb-part' },
    h('h4', {}, group.title, h('span', { class: 'wb-count' }, figure(group.total))),
    group.lines.length > 0 && h('ul', { class: 'wb-figures' }, group.lines.map(({ color, title, value, amount }) => h('li', {},
      h('i', { class: 'wb-chip', style: COLOUR.test(color ?? '') ? { background: color } : {} }),
      h('span', { class: 'wb-figure-title' }, title), h('span', { class: 'wb-figure' }, figure(value)),
      amount > 0 && h('b', { class: 'wb-bar-line', style: { '--share': amount / most } })))));
}

/** "What is in this grid": cases with lamps, who is responsible and on duty now, people, components, pipes, land. */
export function gridProfile(profile, bench) {
  const { say } = bench;
  if (!profile.inside) return h('p', { class: 'wb-note' }, say('grid.outside'));
  const groups = profile.groups ?? [];
  const heading = h('h3', { class: 'wb-grid-title' }, say('grid.title'), h('code', {}, profile.code));
  if (profile.yours === false) return [heading, h('p', { class: 'wb-note' }, say('grid.not_yours'))];
  return [
    heading,
    (profile.path ?? []).length > 0 && h('p', { class: 'wb-path' }, profile.path.join(' › ')),
    cases(profile.cases, bench),
    supervisor(profile.supervisor, bench),
    people(profile, bench),
    groups.map((group) => groupPart(group, bench)),
    !groups.length && !profile.cases?.total && h('p', { class: 'wb-note' }, say('grid.nothing')),
  ];
}
