/** The fence of the syntax: every kind of node and token that TypeScript knows. What has no row does not compile, and is refused. */

import { ts } from 'ts-morph';

import { all, type Row } from './row.ts';

/** Names of `ts.SyntaxKind` without its aliases, comments and spaces. */
export type SyntaxName = Exclude<
  keyof typeof ts.SyntaxKind,
  `First${string}` | `Last${string}` | `JSDoc${string}` | `${string}Trivia` | 'Count' | 'Unknown'
>;

const expressions = {
  NumericLiteral: 'supported',
  StringLiteral: 'carried',
  NoSubstitutionTemplateLiteral: 'carried',
  TemplateExpression: 'carried',
  TemplateHead: 'carried',
  TemplateMiddle: 'carried',
  TemplateTail: 'carried',
  TemplateSpan: 'carried',
  TrueKeyword: 'carried',
  FalseKeyword: 'carried',
  NullKeyword: 'carried',
  Identifier: 'supported',
  ParenthesizedExpression: 'supported',
  AsExpression: 'supported',
  TypeAssertionExpression: 'supported',
  SatisfiesExpression: 'supported',
  NonNullExpression: 'supported',
  PrefixUnaryExpression: 'supported',
  PostfixUnaryExpression: 'supported',
  BinaryExpression: 'supported',
  ConditionalExpression: 'supported',
  PropertyAccessExpression: 'supported',
  ElementAccessExpression: 'supported',
  CallExpression: 'supported',
  NewExpression: 'supported',
  ArrayLiteralExpression: 'supported',
  ObjectLiteralExpression: 'supported',
  SpreadElement: 'supported',
  /** A place that a pattern leaves out; as an element of an array it is a hole, which is refused there. */
  OmittedExpression: 'supported',
  PropertyAssignment: 'supported',
  ShorthandPropertyAssignment: 'supported',
  SpreadAssignment: 'supported',
  ArrowFunction: 'supported',
  FunctionExpression: 'supported',
  VoidExpression: 'supported',
  /** As one side of a comparison; as a value it is refused there. */
  TypeOfExpression: 'carried',
  ThisKeyword: 'supported',
  SuperKeyword: 'supported',
  ComputedPropertyName: { refused: 'GG2054', atUse: true },
  PrivateIdentifier: { refused: 'GG2035', atUse: true },
  DeleteExpression: { refused: 'GG2010' },
  AwaitExpression: { refused: 'GG2002', words: { function: '`await`' } },
  YieldExpression: { refused: 'GG2003', words: { function: '`yield`' } },
  BigIntLiteral: 'carried',
  /** With a flag that makes it remember a position it is refused where it stands. */
  RegularExpressionLiteral: 'carried',
  TaggedTemplateExpression: { refused: 'GG2066' },
  ClassExpression: { refused: 'GG2067' },
  /** `new.target`, `import.meta`. */
  MetaProperty: { refused: 'GG2089' },
  /** `import('./file.js')`. */
  ImportKeyword: { refused: 'GG2090' },
  JsxElement: { refused: 'GG2091' },
  JsxSelfClosingElement: { refused: 'GG2091' },
  JsxFragment: { refused: 'GG2091' },
} as const satisfies Partial<Record<SyntaxName, Row>>;

const statements = {
  Block: 'supported',
  EmptyStatement: 'supported',
  VariableStatement: 'supported',
  VariableDeclarationList: 'supported',
  VariableDeclaration: 'supported',
  ObjectBindingPattern: 'supported',
  ArrayBindingPattern: 'supported',
  BindingElement: 'supported',
  ExpressionStatement: 'supported',
  IfStatement: 'supported',
  DoStatement: 'supported',
  WhileStatement: 'supported',
  ForStatement: 'supported',
  ForInStatement: 'supported',
  ForOfStatement: 'supported',
  ContinueStatement: 'supported',
  BreakStatement: 'supported',
  ReturnStatement: 'supported',
  SwitchStatement: 'supported',
  CaseBlock: 'supported',
  CaseClause: 'supported',
  DefaultClause: 'supported',
  LabeledStatement: 'supported',
  ThrowStatement: 'carried',
  FunctionDeclaration: 'supported',
  Parameter: 'supported',
  TryStatement: { refused: 'GG2008' },
  CatchClause: { refused: 'GG2008' },
  WithStatement: { refused: 'GG2011' },
  DebuggerStatement: { refused: 'GG2081' },
  EnumDeclaration: { refused: 'GG2082' },
  ClassDeclaration: 'supported',
} as const satisfies Partial<Record<SyntaxName, Row>>;

const classMembers = {
  Constructor: 'supported',
  PropertyDeclaration: 'supported',
  MethodDeclaration: 'supported',
  HeritageClause: 'supported',
  ExpressionWithTypeArguments: 'supported',
  SemicolonClassElement: 'supported',
  GetAccessor: 'supported',
  SetAccessor: { refused: 'GG2019' },
  ClassStaticBlockDeclaration: { refused: 'GG2092' },
  Decorator: { refused: 'GG2093' },
} as const satisfies Partial<Record<SyntaxName, Row>>;

const operators = {
  PlusToken: 'supported',
  MinusToken: 'supported',
  AsteriskToken: 'supported',
  SlashToken: 'supported',
  PercentToken: 'supported',
  AsteriskAsteriskToken: 'supported',
  PlusPlusToken: 'supported',
  MinusMinusToken: 'supported',
  EqualsToken: 'supported',
  PlusEqualsToken: 'supported',
  MinusEqualsToken: 'supported',
  AsteriskEqualsToken: 'supported',
  SlashEqualsToken: 'supported',
  PercentEqualsToken: 'supported',
  AsteriskAsteriskEqualsToken: 'supported',
  CommaToken: 'supported',
  LessThanToken: 'carried',
  GreaterThanToken: 'carried',
  LessThanEqualsToken: 'carried',
  GreaterThanEqualsToken: 'carried',
  EqualsEqualsToken: 'carried',
  ExclamationEqualsToken: 'carried',
  EqualsEqualsEqualsToken: 'carried',
  ExclamationEqualsEqualsToken: 'carried',
  ExclamationToken: 'carried',
  AmpersandToken: 'carried',
  BarToken: 'carried',
  CaretToken: 'carried',
  TildeToken: 'carried',
  LessThanLessThanToken: 'carried',
  GreaterThanGreaterThanToken: 'carried',
  GreaterThanGreaterThanGreaterThanToken: 'carried',
  AmpersandEqualsToken: 'carried',
  BarEqualsToken: 'carried',
  CaretEqualsToken: 'carried',
  LessThanLessThanEqualsToken: 'carried',
  GreaterThanGreaterThanEqualsToken: 'carried',
  GreaterThanGreaterThanGreaterThanEqualsToken: 'carried',
  AmpersandAmpersandToken: 'supported',
  BarBarToken: 'supported',
  QuestionQuestionToken: 'supported',
  AmpersandAmpersandEqualsToken: 'supported',
  BarBarEqualsToken: 'supported',
  QuestionQuestionEqualsToken: 'supported',
  QuestionToken: 'supported',
  ColonToken: 'supported',
  QuestionDotToken: 'supported',
  DotDotDotToken: 'supported',
  EqualsGreaterThanToken: 'supported',
  InstanceOfKeyword: { refused: 'GG2070' },
  InKeyword: { refused: 'GG2070' },
} as const satisfies Partial<Record<SyntaxName, Row>>;

const modifiers = {
  /** Of functions that are called: reported at the call. */
  AsyncKeyword: { refused: 'GG2002', atUse: true },
  /** `for await`: reported with its loop. */
  AwaitKeyword: { refused: 'GG2002', atUse: true },
  /** `using x = …`: reported with its declaration. */
  UsingKeyword: { refused: 'GG2094', atUse: true },
  /** `accessor a = 1`: reported with its field. */
  AccessorKeyword: { refused: 'GG2019', atUse: true },
  StaticKeyword: 'supported',
  ReadonlyKeyword: 'erased',
  PublicKeyword: 'erased',
  PrivateKeyword: 'erased',
  ProtectedKeyword: 'erased',
  OverrideKeyword: 'erased',
  AbstractKeyword: 'erased',
  DeclareKeyword: 'erased',
  ExportKeyword: 'module',
  DefaultKeyword: 'module',
} as const satisfies Partial<Record<SyntaxName, Row>>;

const types = all('erased', [
  'InterfaceDeclaration', 'TypeAliasDeclaration', 'TypeParameter', 'QualifiedName', 'TypePredicate', 'TypeReference', 'TypeQuery',
  'PropertySignature', 'MethodSignature', 'CallSignature', 'ConstructSignature', 'IndexSignature',
  'FunctionType', 'ConstructorType', 'TypeLiteral', 'ArrayType', 'TupleType', 'OptionalType', 'RestType', 'NamedTupleMember',
  'UnionType', 'IntersectionType', 'ConditionalType', 'InferType', 'ParenthesizedType', 'ThisType', 'TypeOperator',
  'IndexedAccessType', 'MappedType', 'LiteralType', 'TemplateLiteralType', 'TemplateLiteralTypeSpan', 'ImportType',
  'AnyKeyword', 'UnknownKeyword', 'NeverKeyword', 'NumberKeyword', 'StringKeyword', 'BooleanKeyword', 'BigIntKeyword',
  'SymbolKeyword', 'ObjectKeyword', 'UndefinedKeyword', 'VoidKeyword', 'IntrinsicKeyword', 'AssertsKeyword', 'ConstKeyword',
]);

/** What stands around functions; inside of one it is refused. */
const modules = all('module', [
  'SourceFile', 'Bundle', 'ModuleDeclaration', 'ModuleBlock', 'NamespaceExportDeclaration', 'EnumMember',
  'ImportDeclaration', 'ImportEqualsDeclaration', 'ImportClause', 'NamespaceImport', 'NamedImports', 'ImportSpecifier',
  'ExportDeclaration', 'ExportAssignment', 'NamedExports', 'NamespaceExport', 'ExportSpecifier', 'ExternalModuleReference',
  'ImportAttributes', 'ImportAttribute', 'AssertClause', 'AssertEntry', 'ImportTypeAssertionContainer',
]);

const partsOfJsx = all({ refused: 'GG2091' }, [
  'JsxOpeningElement', 'JsxClosingElement', 'JsxOpeningFragment', 'JsxClosingFragment', 'JsxAttribute', 'JsxAttributes',
  'JsxSpreadAttribute', 'JsxExpression', 'JsxNamespacedName', 'JsxText',
]);

/** Punctuation and words that belong to the node around them, and nodes that only transformers make. */
const words = all('text', [
  'OpenBraceToken', 'CloseBraceToken', 'OpenParenToken', 'CloseParenToken', 'OpenBracketToken', 'CloseBracketToken', 'DotToken',
  'SemicolonToken', 'LessThanSlashToken', 'AtToken', 'BacktickToken', 'HashToken', 'EndOfFileToken',
  'BreakKeyword', 'CaseKeyword', 'CatchKeyword', 'ClassKeyword', 'ContinueKeyword', 'DebuggerKeyword', 'DeleteKeyword', 'DoKeyword',
  'ElseKeyword', 'EnumKeyword', 'ExtendsKeyword', 'FinallyKeyword', 'ForKeyword', 'FunctionKeyword', 'IfKeyword', 'NewKeyword',
  'ReturnKeyword', 'SwitchKeyword', 'ThrowKeyword', 'TryKeyword', 'TypeOfKeyword', 'VarKeyword', 'WhileKeyword', 'WithKeyword',
  'ImplementsKeyword', 'InterfaceKeyword', 'LetKeyword', 'PackageKeyword', 'YieldKeyword', 'AsKeyword', 'AssertKeyword',
  'ConstructorKeyword', 'GetKeyword', 'InferKeyword', 'IsKeyword', 'KeyOfKeyword', 'ModuleKeyword', 'NamespaceKeyword', 'OutKeyword',
  'JsxTextAllWhiteSpaces', 'RequireKeyword', 'SatisfiesKeyword', 'SetKeyword', 'TypeKeyword', 'UniqueKeyword', 'FromKeyword', 'GlobalKeyword', 'OfKeyword',
  'DeferKeyword', 'SyntheticExpression', 'MissingDeclaration', 'SyntaxList', 'NotEmittedStatement', 'NotEmittedTypeElement',
  'PartiallyEmittedExpression', 'CommaListExpression', 'SyntheticReferenceExpression',
]);

export const syntax: Readonly<Record<SyntaxName, Row>> = {
  ...expressions,
  ...statements,
  ...classMembers,
  ...operators,
  ...modifiers,
  ...types,
  ...modules,
  ...partsOfJsx,
  ...words,
};

const rows: ReadonlyMap<ts.SyntaxKind, Row> = new Map(Object.entries(syntax).map(([name, row]) => [ts.SyntaxKind[name as SyntaxName], row]));

/** The row of a kind; undefined for one that a newer TypeScript has. */
export function rowOfSyntax(kind: ts.SyntaxKind): Row | undefined {
  return rows.get(kind);
}
