/** Thrown when a construct is refused; the statement is given up and reading goes on behind it. */
export class Refusal extends Error {}
