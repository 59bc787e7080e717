/** The questions of the chosen class; the part is away where it asks none. */

import { el, replace } from './dom.js';
import { Part } from './parts.js';
import { ANSWER_MOST, numberOf } from './questions.js';

export class AnswersPart extends Part {
  /** `ask(fields)` answers the questions of the class, `changed(answers)` keeps what was said. */
  constructor({ words, locale, ask, changed }) {
    super('answers', '?', { words, changed });
    Object.assign(this, { locale, ask });
    this.drawn = '';
  }

  show({ fields }) {
    this.asked = this.ask(fields);
    this.node.hidden = !this.asked.length;
    this.answers = fields.answers ?? {};
    if (this._state() === this.drawn) return; // somebody may be typing in it
    this.drawn = this._state();
    replace(this.body, this.asked.map((question) => this._question(question)));
  }

  nameOf(from) {
    return (this.locale === 'en' ? from.name_en || from.name_zh : from.name_zh) ?? '';
  }

  _question(question) {
    const draw = { yes_no: this._yesNo, choice: this._choice, number: this._number, text: this._text };
    const name = this.nameOf(question);
    const label = question.needed ? name : this.words.say('answer_optional', { question: name });
    return el('div', { class: 'question', 'data-question': question.id },
      draw[question.answer].call(this, question, label));
  }

  _state() {
    return JSON.stringify([this.asked.map(({ id }) => id), this.answers]);
  }

  /** What stands on the screen already is not drawn again: the focus stays where it is. */
  _set(question, value) {
    this.answers = { ...this.answers, [question.id]: value };
    this.drawn = this._state();
    this.setFault('');
    this.changed(this.answers);
  }

  _yesNo(question, label) {
    const press = (value) => {
      this._set(question, this.answers[question.id] === value ? undefined : value);
      mark();
    };
    const [yes, no] = [[true, 'yes'], [false, 'no']].map(([value, word]) => el('button',
      { type: 'button', class: 'button', onclick: () => press(value) }, this.words.say(word)));
    const mark = () => {
      yes.setAttribute('aria-pressed', String(this.answers[question.id] === true));
      no.setAttribute('aria-pressed', String(this.answers[question.id] === false));
    };
    mark();
    return [el('p', { class: 'field' }, label),
      el('div', { class: 'row choice', role: 'group', 'aria-label': label }, yes, no)];
  }

  _choice(question, label) {
    const id = `answer-${question.id}`;
    const box = el('select', { id, 'aria-describedby': 'fault-answers' },
      el('option', { value: '' }, this.words.say('answer_choose')),
      question.choices.map((one) => el('option', { value: one.value }, this.nameOf(one))));
    box.value = this.answers[question.id] ?? '';
    box.addEventListener('change', () => this._set(question, box.value || undefined));
    return [el('label', { class: 'field', for: id }, label), box];
  }

  _number(question, label) {
    const unit = question.unit ? ` (${question.unit})` : '';
    return this._typed(question, label + unit, { inputmode: 'decimal' }, numberOf);
  }

  _text(question, label) {
    return this._typed(question, label, { maxlength: String(ANSWER_MOST) }, (typed) => typed.trim());
  }

  _typed(question, label, more, read) {
    const id = `answer-${question.id}`;
    const box = el('input', { id, autocomplete: 'off', 'aria-describedby': 'fault-answers', ...more });
    box.value = this.answers[question.id] ?? '';
    box.addEventListener('input', () => {
      const value = read(box.value);
      this._set(question, value === '' ? undefined : value);
    });
    return [el('label', { class: 'field', for: id }, label), box];
  }
}
