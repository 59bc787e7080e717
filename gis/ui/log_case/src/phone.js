/** The page that works without network: the form alone, with its settings inside the page. */

import { bringFont } from './device.js';
import { mount } from './main.js';

const config = JSON.parse(document.getElementById('config').textContent);
mount(document.getElementById('log'), config);
bringFont();
