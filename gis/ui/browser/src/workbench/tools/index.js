/** The tools of the toolbar, in this order; a thin line stands between groups. */
import { home } from './home.js';

export const TOOLS = [home];
