// Bun loads this before the program. The launcher holds the other end of file 3: when the launcher is killed, the kernel
// closes that end, and the program is told to stop.
const connection = await Bun.connect({
  fd: 3,
  socket: {
    data() {},
    close() {
      process.kill(process.pid, "SIGTERM")
    },
  },
})
connection.unref()
