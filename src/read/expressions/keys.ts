/** `object[key]` of an object with known fields: the key is a string, known now or asked for when it runs. */

import type { ts } from 'ts-morph';

import { atField } from '../../graph/build.ts';
import type { RecordType, Value } from '../../graph/types.ts';
import type { Item, Outcome, Reading } from '../context.ts';
import { short } from '../places.ts';
import { branch, choose } from '../exits.ts';
import { loadField, storeAt, type Place } from './access.ts';
import { valueOf } from './expression.ts';

export function keyPlace(r: Reading, memory: Value, node: ts.ElementAccessExpression): Place {
  const key = valueOf(r, node.argumentExpression);
  const { names, others } = namesOf(r, memory, key, node);
  return {
    read: () => loadOneOf(r, memory, key, names, others, node),
    write: (item) => {
      if (others) return r.refuse(node, 'GG2054', { text: short(node.argumentExpression) });
      return storeOneOf(r, memory, key, names, item, node);
    },
  };
}

export function readKey(r: Reading, memory: Value, node: ts.ElementAccessExpression): Item {
  return keyPlace(r, memory, node).read();
}

/** The fields that the key may name, and whether it may name what is no field. */
function namesOf(r: Reading, memory: Value, key: Value, node: ts.ElementAccessExpression): { names: readonly string[]; others: boolean } {
  const literal = r.builder.literalOf(key);
  if (typeof literal === 'string' || typeof literal === 'number') return { names: [String(literal)], others: false };
  const fields = (memory.type as RecordType).fields.map(({ name }) => name);
  const type = r.checker.getTypeAtLocation(node.argumentExpression);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.every((part) => part.isStringLiteral())) {
    const names = parts.map((part) => (part as ts.StringLiteralType).value);
    if (names.every((name) => fields.includes(name))) return { names, others: false };
  }
  if (!isMadeHere(r, memory) || key.type.kind !== 'opaque') {
    return r.refuse(node, 'GG2054', { text: short(node.argumentExpression) });
  }
  return { names: fields, others: true };
}

/** All of its fields are known: those of the literal that made it. */
function isMadeHere(r: Reading, memory: Value): boolean {
  return r.builders.some((builder) => builder.nodes.some((node) => node.kind === 'alloc' && node.result === memory));
}

function loadOneOf(r: Reading, memory: Value, key: Value, names: readonly string[], others: boolean, node: ts.Node): Item {
  const [name, ...rest] = names;
  if (name === undefined) return r.literal(undefined);
  if (rest.length === 0 && !others) return loadField(r, memory, name, node);
  return choose(r, node, isKey(r, key, name), () => loadField(r, memory, name, node), () => loadOneOf(r, memory, key, rest, others, node));
}

function storeOneOf(r: Reading, memory: Value, key: Value, [name = '', ...rest]: readonly string[], item: Item, node: ts.Node): undefined {
  const store = (): Outcome => {
    storeAt(r, memory, atField(name), item, node);
    return 'next';
  };
  if (rest.length === 0) {
    store();
    return undefined;
  }
  branch(r, node, isKey(r, key, name), store, () => {
    storeOneOf(r, memory, key, rest, item, node);
    return 'next';
  });
  return undefined;
}

function isKey(r: Reading, key: Value, name: string): Value {
  return r.builder.apply('eq', [key, r.literal(name)]);
}
