/** Which part of the web may know which. */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "shared-knows-no-app",
      severity: "error",
      from: { path: "^shared/" },
      to: { path: "^(widget|desktop)/" },
    },
    {
      name: "widget-and-desktop-are-apart",
      severity: "error",
      from: { path: "^(widget|desktop)/" },
      to: { path: "^(widget|desktop)/", pathNot: "^$1/" },
    },
    {
      name: "loader-and-app-are-apart",
      severity: "error",
      from: { path: "^widget/(app|loader)/" },
      to: { path: "^widget/(app|loader)/", pathNot: "^widget/$1/" },
    },
    {
      name: "state-draws-nothing",
      severity: "error",
      from: { path: "^desktop/(state|api)/" },
      to: { path: "^desktop/(components|screens|alerts)/" },
    },
    {
      name: "components-know-no-screen",
      severity: "error",
      from: { path: "^desktop/components/" },
      to: { path: "^desktop/screens/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js"] },
  },
};
