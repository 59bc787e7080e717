/** Back to the first view: the whole area of the person's posts. */
export const home = {
  id: 'home',
  icon: 'home',
  word: 'tool.home',
  group: 'go',
  once: true, // done as soon as it has started; the active tool stays what it was
  start: (bench) => bench.goHome(),
};
