package dev.qmp.cli.state;

/** An image as a record names it. */
public record ImageRef(String file, String format) {}
