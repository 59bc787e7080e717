/** The page of a supervisor's tasks that works without network, with its settings inside the page. */

import { bringFont } from './device.js';
import { mount } from './work_page.js';

const config = JSON.parse(document.getElementById('config').textContent);
mount(document.getElementById('work'), config);
bringFont();
