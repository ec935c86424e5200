/** chalk asks the terminal at its start what it can show, which loads node:tty. The command line gives it the level itself. */
export const levelGiven = {
  name: 'level-given',
  resolveId: { filter: { id: /^#supports-color$/ }, handler: (id) => `\0${id}` },
  load: {
    filter: { id: /^\0#supports-color$/ },
    handler: () => ({ code: 'export default { stdout: false, stderr: false };', moduleType: 'js' }),
  },
};
