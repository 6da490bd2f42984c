package dev.qmp.cli.command;

/** QEMU's BlockdevOnError, but for its automatic value, which is the option left out. */
enum OnError {
    report,
    stop,
    ignore,
    enospc
}
