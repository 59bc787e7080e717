/** What a class asks: fetched when there is a network, kept on the device for when not; what makes an answer good. */

const LIST = 'questions';
export const ANSWER_MOST = 200;
const NUMBER_MOST = 1_000_000;

/** The questions of a class, in the order of the server. */
export function questionsOf(all, kind, code) {
  if (!code) return [];
  return all.filter((one) => one.kind === kind && one.classes.some((prefix) => code.startsWith(prefix)));
}

/** What is typed as a number becomes one; anything else stays as it was typed, so that nothing is lost. */
export function numberOf(typed) {
  const words = typed.trim();
  const value = Number(words);
  return words && Number.isFinite(value) ? value : words;
}

const isAnswered = (value) => value !== undefined && value !== null && value !== '';

/** Only answers to questions that are asked: another class was chosen meanwhile. */
export function fitting(answers, asked) {
  const named = asked.filter(({ id }) => isAnswered(answers?.[id])).map(({ id }) => [id, answers[id]]);
  return Object.fromEntries(named);
}

/** What is wrong: [question, name of the sentence, value] each, by the rules of the server. */
export function faultsOf(answers, asked) {
  return asked.flatMap((question) => {
    const value = answers?.[question.id];
    if (!isAnswered(value)) return question.needed ? [[question, 'answer_needed', '']] : [];
    if (question.answer === 'number') {
      const good = typeof value === 'number' && value >= 0 && value <= NUMBER_MOST;
      return good ? [] : [[question, 'answer_number', String(value)]];
    }
    return question.answer === 'text' && value.length > ANSWER_MOST ? [[question, 'answer_long', '']] : [];
  });
}

export class QuestionList {
  constructor({ store, api }) {
    Object.assign(this, { store, api });
    this.all = [];
  }

  /** What the device knows, at once; the server's list, when it comes. */
  async load(changed) {
    this.all = (await this.store.fact(LIST)) ?? [];
    changed();
    const answer = await this.api.questions();
    if (!answer.ok) return;
    this.all = answer.body.questions;
    await this.store.setFact(LIST, this.all);
    changed();
  }

  of({ kind, class_code: code }) {
    return questionsOf(this.all, kind, code);
  }
}
