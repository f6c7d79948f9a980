// anywidget is published as one AMD module: what it would define is kept here.
export const defined = {};
globalThis.define = (_needs, make) => (defined.anywidget = make);
