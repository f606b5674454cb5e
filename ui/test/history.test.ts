import { afterEach, beforeEach, expect, test } from 'vitest';

import { editBetween, joined, keepHistories, noteText, redoText, undoText, type TextField } from '../src/parts/history';

let connection = 'a';
let stop: () => void;
let field: HTMLTextAreaElement;

beforeEach(() => {
  connection = 'a';
  stop = keepHistories(() => connection);
  document.body.innerHTML = '<textarea></textarea><input type="text" id="other">';
  field = document.querySelector('textarea') as HTMLTextAreaElement;
  field.focus();
});
afterEach(() => stop());

/** Types at the end of a field, one character after another, as a browser reports it. */
function type(text: string, into: TextField = field): void {
  for (const data of text) {
    into.dispatchEvent(new InputEvent('beforeinput', { bubbles: true, inputType: 'insertText', data }));
    into.value += data;
    into.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data }));
  }
}

/** Undoes until nothing is left; what the field held after each step. */
function undone(of: TextField = field): string[] {
  const seen: string[] = [];
  while (undoText(of)) seen.push(of.value);
  return seen;
}

test('words are undone one after the other and redone in the same order', () => {
  type('one two');
  expect(undone()).toEqual(['one ', '']);
  expect(redoText(field) && field.value).toBe('one ');
  expect(redoText(field) && field.value).toBe('one two');
  expect(redoText(field)).toBe(false);
});

test('typing after undo leaves nothing to redo', () => {
  type('one');
  undoText(field);
  type('two');
  expect(redoText(field)).toBe(false);
  expect(field.value).toBe('two');
});

test('what code puts into a field is undone as one step, and before what was typed earlier', () => {
  type('typed');
  field.value = 'fixed by a button\nin two lines';
  noteText(field);
  field.value = 'fixed again';
  noteText(field);
  type('!');
  expect(undone()).toEqual(['fixed again', 'fixed by a button\nin two lines', 'typed', '']);
});

test('a change by code that nobody noted is undone, too', () => {
  type('typed');
  field.value = 'set';
  expect(undone()).toEqual(['typed', '']);
});

test('undo reaches the component that draws the field', () => {
  const heard: string[] = [];
  field.addEventListener('input', (event) => heard.push(`${(event as InputEvent).inputType} ${field.value}`));
  type('x');
  undoText(field);
  redoText(field);
  expect(heard).toEqual(['insertText x', 'historyUndo ', 'historyRedo x']);
});

test('undo in one field leaves the other as it is', () => {
  const other = document.querySelector('#other') as HTMLInputElement;
  type('first');
  other.focus();
  type('second', other);
  expect(undone(other)).toEqual(['']);
  expect(field.value).toBe('first');
});

test('the texts of a connection are not brought back on another one', () => {
  type('of a');
  connection = 'b';
  field.value = 'of b';
  noteText(field);
  expect(undoText(field)).toBe(false);
  expect(field.value).toBe('of b');
  connection = 'a';
  field.value = 'of a';
  expect(undone()).toEqual(['of ', '']);
});

test('a named field keeps its history over its own end', () => {
  field.dataset.history = 'source';
  type('kept');
  document.body.innerHTML = '<textarea data-history="source"></textarea>';
  const next = document.querySelector('textarea') as HTMLTextAreaElement;
  next.focus();
  expect(undone(next)).toEqual(['kept', '']);
});

test('the entry of the browser’s own menu does the same', () => {
  type('x');
  const event = new InputEvent('beforeinput', { bubbles: true, cancelable: true, inputType: 'historyUndo' });
  field.dispatchEvent(event);
  expect([field.value, event.defaultPrevented]).toEqual(['', true]);
});

test('characters deleted in a row come back together, and so does a composition', () => {
  type('abc');
  for (let at = 0; at < 3; at += 1) {
    field.dispatchEvent(new InputEvent('beforeinput', { bubbles: true, inputType: 'deleteContentBackward' }));
    field.value = field.value.slice(0, -1);
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'deleteContentBackward' }));
  }
  for (const data of ['d', 'da', '大']) {
    field.value = data;
    field.dispatchEvent(
      new InputEvent('input', { bubbles: true, inputType: 'insertCompositionText', data, isComposing: true }),
    );
  }
  expect(undone()).toEqual(['', 'abc', '']);
});

test('a password is never copied into a history', () => {
  const secret = document.createElement('input');
  secret.type = 'password';
  document.body.append(secret);
  document.execCommand = () => true;
  secret.focus();
  type('hunter2', secret);
  expect(undoText(secret)).toBe(false);
  expect(secret.value).toBe('hunter2');
});

test('any two changes in a row are one change, wherever they touch', () => {
  const texts = ['', 'a', 'ab', 'ba', 'aab', 'bb', 'abab', 'cabd'];
  let touching = 0;
  for (const x of texts)
    for (const y of texts)
      for (const z of texts) {
        const [first, then] = [editBetween(x, y), editBetween(y, z)];
        const one = first && then && joined(first, then);
        if (!one) continue;
        touching += 1;
        expect(x.slice(one.at, one.at + one.removed.length)).toBe(one.removed);
        expect(x.slice(0, one.at) + one.inserted + x.slice(one.at + one.removed.length)).toBe(z);
      }
  expect(touching).toBeGreaterThan(200);
});
