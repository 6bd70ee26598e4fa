/** The fence of `String`: texts are carried, so what needs nothing but texts and numbers stays as it is written. */

import { none, type Members } from '../members.ts';
import { all } from '../row.ts';

const match = none('test the string where the tagged function is called');
const markup = none('write the tags in a template literal');

export const string = {
  fromCharCode: none('write the text as a literal'),
  fromCodePoint: none('write the text as a literal'),
  raw: none('write a template literal without a tag'),
} as const satisfies Members<StringConstructor>;

export const stringMethods = {
  ...all('carried', ['length', 'at', 'charAt', 'charCodeAt', 'codePointAt', 'concat', 'endsWith', 'includes', 'indexOf', 'lastIndexOf']),
  ...all('carried', ['localeCompare', 'normalize', 'padEnd', 'padStart', 'repeat', 'slice', 'split', 'startsWith', 'substring', 'substr']),
  ...all('carried', ['toLocaleLowerCase', 'toLocaleUpperCase', 'toLowerCase', 'toString', 'toUpperCase', 'valueOf']),
  ...all('carried', ['trim', 'trimEnd', 'trimLeft', 'trimRight', 'trimStart', 'replace', 'replaceAll']),
  ...all(match, ['match', 'matchAll', 'search']),
  ...all(markup, ['anchor', 'big', 'blink', 'bold', 'fixed', 'fontcolor', 'fontsize', 'italics', 'link', 'small', 'strike', 'sub', 'sup']),
} as const satisfies Members<string>;
