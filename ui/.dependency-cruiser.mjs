// The page's files import each other in one direction only: `npm run rings`.
export default {
  forbidden: [
    {
      name: "no-ring",
      comment: "Files that import each other in a ring cannot be understood, tested or moved one at a time.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types tie files together like any other. Those of components are not seen: Svelte drops them.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".svelte.ts", ".svelte", ".js"] },
  },
};
