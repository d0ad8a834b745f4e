// Rules of our own for oxlint.

/** Text from outside must never become a shell word: no `shell` option, no shell as the program, no exec. */
const noShell = {
  create(context) {
    const report = (node, what) =>
      context.report({
        node,
        message: `${what}: start programs with an argument list, never through a shell.`,
      })
    const nameOf = (key) => key.name ?? key.value
    return {
      Property(node) {
        if (node.computed) return
        if (nameOf(node.key) === 'shell') report(node, 'The option `shell`')
        const program = node.value.type === 'Literal' ? node.value.value : undefined
        if (nameOf(node.key) === 'command' && /^(.*\/)?(ba|da|z)?sh$/.test(String(program)))
          report(node, 'A shell as the program')
      },
      ImportSpecifier(node) {
        const isChildProcess = /^(node:)?child_process$/.test(node.parent.source.value)
        if (isChildProcess && /^exec(Sync)?$/.test(nameOf(node.imported))) report(node, '`exec`')
      },
    }
  },
}

/** `skip('reason')` alone does nothing, and no type can tell: a step that returns nothing compiles. */
const returnSkip = {
  create(context) {
    return {
      ExpressionStatement({ expression }) {
        const call = expression.type === 'UnaryExpression' ? expression.argument : expression
        if (
          call.type === 'CallExpression' &&
          call.callee.type === 'Identifier' &&
          call.callee.name === 'skip'
        )
          context.report({
            node: call,
            message: 'A skip does nothing unless it is returned: `return skip(...)`.',
          })
      },
    }
  },
}

export default { meta: { name: 'fairway' }, rules: { 'no-shell': noShell, 'return-skip': returnSkip } }
