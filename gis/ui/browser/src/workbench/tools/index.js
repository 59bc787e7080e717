/** The tools of the toolbar, in this order; a thin line stands between groups. */
import { coordinates } from './coordinates.js';
import { days } from './days.js';
import { goTo } from './goto.js';
import { home } from './home.js';
import { locate } from './locate.js';
import { measure } from './measure.js';
import { print } from './print.js';
import { select } from './select.js';
import { swipe } from './swipe.js';
import STYLE from './tools.css';

export { STYLE };
export const TOOLS = [home, locate, goTo, measure, select, coordinates, swipe, days, print];

const IN_LINK = { swipe: 'swipe', day: 'days' }; // part of the link → the tool it starts

/** Start the tool that the link asks for, now and whenever a saved view or a typed address brings another one. */
export function followLink(bench) {
  for (const [part, id] of Object.entries(IN_LINK)) {
    bench.link.on(part, (text) => {
      const isActive = bench.toolbar.active?.id === id;
      if (text && !isActive) bench.activate(id);
      if (!text && isActive) bench.deactivate();
    });
    if (bench.link.get(part) && !bench.toolbar.active) bench.activate(id);
  }
}
