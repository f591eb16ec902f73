import { defineConfig } from 'oxlint';

export default defineConfig({
  ignorePatterns: ['**/node_modules/**', '**/dist/**', '**/.cache/**'],
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'react', 'jsx-a11y', 'vitest'],
  jsPlugins: ['./house-rules.ts'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  rules: {
    'house/imports': 'error',
    'house/no-classes': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    'house/function-lines': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/consistent-type-definitions': ['error', 'type'],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-misused-promises': 'error',
    'typescript/only-throw-error': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'no-alert': 'error',
    'no-eval': 'error',
    'no-debugger': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'prefer-const': 'error',
    // Branded ids are made by assertion, at the one place that checks them.
    'typescript/no-unsafe-type-assertion': 'off',
    // One thing after the other is often the point: steps, retries, batches.
    'no-await-in-loop': 'off',
    // The types say it already: what came from elsewhere is readonly and can't be sorted in place.
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    // The compiler knows which functions return.
    'typescript/consistent-return': 'off',
    // What a dialog is opened for has the focus, and what scrolls can be reached by keyboard: axe looks at the pages.
    'jsx-a11y/no-autofocus': 'off',
    'jsx-a11y/no-noninteractive-tabindex': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    'react/exhaustive-effect-dependencies': 'off',
    'react/set-state-in-effect': 'off',
    // Ports and workers have no origin; masks and terminals are about control characters.
    'unicorn/require-post-message-target-origin': 'off',
    'no-control-regex': 'off',
    // A copy before listeners run, so that one may leave meanwhile.
    'unicorn/no-useless-spread': 'off',
    'typescript/no-base-to-string': 'off',
    'typescript/no-generated-empty-object-type': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/no-standalone-expect': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'promise/no-callback-in-promise': 'off',
    'promise/no-promise-in-callback': 'off',
    // Matters of taste, or of nanoseconds.
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/prefer-set-has': 'off',
    'unicorn/no-array-callback-reference': 'off',
    'oxc/no-map-spread': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'react/react-in-jsx-scope': 'off',
    'react/no-array-index-key': 'off',
    'promise/always-return': 'off',
    'no-underscore-dangle': 'off',
    // A signal turns inside a loop without anybody there touching it.
    'no-unmodified-loop-condition': 'off',
    'no-shadow': 'off',
  },
  overrides: [
    {
      files: ['**/*.config.ts', '**/vite.*.ts', '**/house-rules.ts', '**/electron-stand-in/electron.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      files: ['**/*.test.{ts,tsx}', '**/*.spec.ts', '**/fixtures/**'],
      rules: { 'max-lines': 'off', 'house/function-lines': 'off' },
    },
  ],
});
