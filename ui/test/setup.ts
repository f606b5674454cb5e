import { vi } from 'vitest';

// What the test document lacks of a browser. How dialogs and popups behave for people is tested in the browser and in the real window.
HTMLElement.prototype.showPopover ??= function showPopover(this: HTMLElement): void {
  this.dataset.shown = '';
};

// All files run in one process, one after the other; each begins with modules and a page of its own.
vi.resetModules();
document.body.replaceChildren();

// No engine runs beside these tests: a question that a test does not answer fails at once.
globalThis.fetch = () => Promise.reject(new TypeError('this test has no engine'));
