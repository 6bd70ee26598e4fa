/** `for`, `for…of`, `while` and `do`. */

import { ts } from 'ts-morph';

import { integer, newValue } from '../../graph/build.ts';
import type { Counter, Value } from '../../graph/types.ts';
import type { Outcome, Reading } from '../context.ts';
import { short } from '../places.ts';
import { leaveUnless, loop } from '../exits.ts';
import { condition, evaluate, valueOf } from '../expressions/expression.ts';
import { loadIndex } from '../expressions/access.ts';
import { continueOf } from '../jumps.ts';
import { bindTo, assignElement } from '../patterns.ts';
import { isReference } from '../types.ts';
import { withoutWrappers } from '../facts.ts';
import { counterOf } from './counted.ts';
import { changesLength } from './lengths.ts';
import { declareVariables } from './variables.ts';
import { within } from './statement.ts';

/** The body with its `continue`s; `break` leaves the loop of the graph. */
function readBody(r: Reading, node: ts.IterationStatement, region: Parameters<typeof leaveUnless>[3], rest: () => Outcome): Outcome {
  const { targets } = r;
  r.targets = [...targets, { kind: 'break', owner: node, region, around: region }];
  try {
    const statements = ts.isBlock(node.statement) ? node.statement.statements : [node.statement];
    return within(r, { kind: 'continue', owner: node }, statements, continueOf(node), rest);
  } finally {
    r.targets = targets;
  }
}

export function readWhile(r: Reading, node: ts.WhileStatement, rest: () => Outcome): Outcome {
  return unbounded(r, node, node.expression, undefined, rest);
}

export function readDo(r: Reading, node: ts.DoStatement, rest: () => Outcome): Outcome {
  const outcome = loop(
    r,
    {
      node,
      body: (region) =>
        readBody(r, node, region, () => {
          r.at(node.expression);
          return leaveUnless(r, node, condition(r, node.expression), region);
        }),
    },
    rest,
  );
  return outcome === 'uncounted' ? rest() : outcome;
}

export function readFor(r: Reading, node: ts.ForStatement, rest: () => Outcome): Outcome {
  if (node.initializer !== undefined) {
    if (ts.isVariableDeclarationList(node.initializer)) declareVariables(r, node.initializer);
    else evaluate(r, node.initializer);
  }
  const counted = counterOf(r, node);
  if (counted !== undefined) {
    const outcome = loop(
      r,
      {
        node,
        counter: counted,
        body: (region) => readBody(r, node, region, () => 'next'),
        holds: (nodes) => counted.measured.every((memory) => !changesLength(r, nodes, memory)),
      },
      rest,
    );
    if (outcome !== 'uncounted') return outcome;
  }
  return unbounded(r, node, node.condition, node.incrementor, rest);
}

function unbounded(
  r: Reading,
  node: ts.WhileStatement | ts.ForStatement,
  test: ts.Expression | undefined,
  update: ts.Expression | undefined,
  rest: () => Outcome,
): Outcome {
  const always = test === undefined || test.kind === ts.SyntaxKind.TrueKeyword;
  const outcome = loop(
    r,
    {
      node,
      body: (region) => {
        if (!always) leaveUnless(r, node, condition(r, test), region);
        return readBody(r, node, region, () => {
          if (update !== undefined) evaluate(r, update);
          return 'next';
        });
      },
    },
    rest,
  );
  return outcome === 'uncounted' ? rest() : outcome;
}

export function readForOf(r: Reading, node: ts.ForOfStatement, rest: () => Outcome): Outcome {
  if (node.awaitModifier !== undefined) r.refuse(node, 'GG2002', { function: '`for await`' });
  const { memory, what } = iterated(r, node.expression);
  const bind = (index: Value): void => {
    const { initializer } = node;
    const declaration = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
    if (declaration === undefined) {
      if (what === 'entries') r.refuse(initializer, 'GG2078', { text: short(initializer) });
      assignElement(r, initializer as ts.Expression, what === 'keys' ? index : loadIndex(r, memory, index, node.expression));
    } else if (what === 'values') {
      bindTo(r, declaration.name, loadIndex(r, memory, index, node.expression));
    } else if (what === 'keys') {
      bindTo(r, declaration.name, index);
    } else {
      const { name } = declaration;
      if (!ts.isArrayBindingPattern(name)) return r.refuse(name, 'GG2078', { text: short(name) });
      if (name.elements.some((element) => ts.isBindingElement(element) && (element.dotDotDotToken ?? element.initializer) !== undefined)) {
        return r.refuse(name, 'GG2078', { text: short(name) });
      }
      const [first, second] = name.elements;
      if (first !== undefined && ts.isBindingElement(first)) bindTo(r, first.name, index);
      if (second !== undefined && ts.isBindingElement(second)) {
        bindTo(r, second.name, loadIndex(r, memory, index, node.expression));
      }
    }
  };
  const to = lengthOf(r, memory);
  const counter: Counter = { variable: newValue(integer), from: r.literal(0), to, test: '<', step: 1 };
  const outcome = loop(
    r,
    {
      node,
      counter: { counter, outlives: false },
      body: (region) => {
        bind(counter.variable);
        return readBody(r, node, region, () => 'next');
      },
      holds: (nodes) => !changesLength(r, nodes, memory),
    },
    rest,
  );
  if (outcome !== 'uncounted') return outcome;
  const index = { name: 'index', mutable: true, integer: true };
  r.bindings.set(index, r.literal(0));
  const second = loop(
    r,
    {
      node,
      body: (region) => {
        const at = r.bindings.get(index) as Value;
        leaveUnless(r, node, r.builder.apply('lt', [at, lengthOf(r, memory)]), region);
        bind(at);
        r.bindings.set(index, r.builder.apply('add', [at, r.literal(1)]));
        return readBody(r, node, region, () => 'next');
      },
    },
    rest,
  );
  return second === 'uncounted' ? rest() : second;
}

/** `for…in` over what comes from outside: its keys are strings, in an array of their own. */
export function readForIn(r: Reading, node: ts.ForInStatement, rest: () => Outcome): Outcome {
  const { initializer } = node;
  const declaration = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
  if (declaration === undefined) return r.refuse(initializer, 'GG2056', { text: short(initializer) });
  const object = r.plain(valueOf(r, node.expression));
  if (isReference(object.type) && !r.memory.isForeign(object)) {
    return r.refuse(node.expression, 'GG2079', { text: short(node.expression) });
  }
  const text = { kind: 'opaque', text: 'string' } as const;
  // Not `Object.keys`: it leaves out what the object inherits.
  const pieces = ['(() => { const keys: string[] = []; for (const key in ', object, ') keys.push(key); return keys; })()'];
  const keys = r.builder.carry(pieces, { kind: 'array', container: 'Array', element: text }, { effect: true });
  const counter: Counter = { variable: newValue(integer), from: r.literal(0), to: r.builder.length(keys), test: '<', step: 1 };
  const body = (region: Parameters<typeof leaveUnless>[3]): Outcome => {
    bindTo(r, declaration.name, r.builder.carry([keys, '[', counter.variable, ']!'], text));
    return readBody(r, node, region, () => 'next');
  };
  const outcome = loop(r, { node, counter: { counter, outlives: false }, body }, rest);
  return outcome === 'uncounted' ? r.refuse(node, 'GG2080') : outcome;
}

function lengthOf(r: Reading, memory: Value): Value {
  return memory.type.kind === 'tuple' ? r.literal(memory.type.elements.length) : r.builder.length(memory);
}

/** What `for…of` runs over: elements, indices or both of an array. */
function iterated(r: Reading, expression: ts.Expression): { memory: Value; what: 'values' | 'keys' | 'entries' } {
  const node = withoutWrappers(expression);
  let from = node;
  let what: 'values' | 'keys' | 'entries' = 'values';
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const method = node.expression.name.text;
    if (method === 'values' || method === 'keys' || method === 'entries') {
      from = node.expression.expression;
      what = method;
    }
  }
  const memory = r.plain(valueOf(r, from));
  if (memory.type.kind !== 'array' && memory.type.kind !== 'tuple') {
    r.refuse(expression, 'GG2046', { text: short(expression) });
  }
  return { memory, what };
}
