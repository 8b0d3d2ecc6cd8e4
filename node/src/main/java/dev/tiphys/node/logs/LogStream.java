package dev.tiphys.node.logs;

/// Where a container wrote something to.
public enum LogStream {
  STDOUT,
  STDERR
}
