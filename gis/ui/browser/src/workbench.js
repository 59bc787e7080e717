/** Entry of the bundle: adds L.wanmiWorkbench(map, config). Loaded after wanmi-layer.js, by the map page alone. */
import { defineWorkbench } from './workbench/index.js';

const { L } = window;
if (L && !L.wanmiWorkbench) L.wanmiWorkbench = defineWorkbench(L);
