// What the test document lacks of a browser. How dialogs and popups behave for people is tested in the browser and in the real window.
HTMLElement.prototype.showPopover ??= function showPopover(this: HTMLElement): void {
  this.dataset.shown = '';
};
