package dev.tiphys.node.runtime;

/// Which streams of a process are wanted.
///
/// @param tty whether the process has a terminal; then there is no separate standard error
public record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
