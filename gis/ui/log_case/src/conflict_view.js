/** A decision on a case that changed meanwhile: both sides, and the choice between them. */

import { el } from './dom.js';

const pick = (zh, en, locale) => (locale === 'en' ? en ?? zh : zh) ?? '';

/** What this person decided, such as "Check passed"; '' while nothing is chosen. */
export function moveName(item, locale) {
  return pick(item.move_zh, item.move_en, locale);
}

function timeOf(at, locale) {
  const options = { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat(locale, options).format(new Date(at));
}

/** What was written, with the names of reasons chosen from a list instead of their codes. */
export function saidIn(item, locale) {
  const fields = (item.moves ?? []).find((option) => option.move === item.fields.move)?.fields ?? [];
  const said = ([name, value]) => {
    const choices = fields.find((field) => field.name === name)?.choices ?? [];
    const chosen = choices.find((choice) => choice.value === value);
    return chosen ? pick(chosen.name_zh, chosen.name_en, locale) : value;
  };
  return Object.entries(item.fields.words).map(said).filter((word) => typeof word === 'string' && word.trim());
}

function mine(item, words, locale) {
  const said = saidIn(item, locale);
  const photos = item.photos.length ? words.say('photos_too', { count: item.photos.length }) : '';
  return el('div', { class: 'side mine' },
    el('b', {}, words.say('my_side', { time: timeOf(item.submitted_at, locale) })),
    el('span', {}, moveName(item, locale)), el('span', { class: 'hint' }, [...said, photos].filter(Boolean).join(' · ')));
}

function theirs(item, words, locale) {
  const { steps, state_zh: zh, state_en: en } = item.meanwhile;
  const rows = steps.flatMap((step) => [
    el('span', {}, words.say('their_step', { time: timeOf(step.at, locale),
      who: step.actor ?? words.say('the_system'), move: pick(step.move_zh, step.move_en, locale) })),
    step.note ? el('span', { class: 'hint' }, step.note) : null]);
  return el('div', { class: 'side theirs' }, el('b', {}, words.say('their_side')), rows,
    el('span', {}, words.say('now_state', { state: pick(zh, en, locale) })));
}

/** `actions`: sendAnyway(item), discard(item). */
export function conflictOf(item, { words, locale, actions }) {
  const { allowed } = item.meanwhile;
  const drop = el('button', { type: 'button', onclick: () => actions.discard(item) }, words.say('drop_mine'));
  const send = allowed
    ? el('button', { type: 'button', class: 'primary-soft', onclick: () => actions.sendAnyway(item) },
      words.say('send_anyway'))
    : el('span', { class: 'why' }, words.say('not_allowed_now', { move: moveName(item, locale) }));
  return el('div', { class: 'conflict' },
    el('div', { class: 'sides' }, mine(item, words, locale), theirs(item, words, locale)),
    el('div', { class: 'row' }, send, drop));
}
