package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.http.query.Parameters;

/// Which streams of a process a client wants.
///
/// @param tty whether the process is to have a terminal, whose one stream then has both outputs
record StreamChoice(boolean stdin, boolean stdout, boolean stderr, boolean tty) {

  /// @param attach whether the process runs already: its outputs are then wanted unless it is said
  ///   that they are not
  static StreamChoice of(Parameters parameters, boolean attach) {
    return new StreamChoice(
        parameters.isTrue("stdin"),
        parameters.has("stdout") ? parameters.isTrue("stdout") : attach,
        parameters.has("stderr") ? parameters.isTrue("stderr") : attach,
        parameters.isTrue("tty"));
  }

  /// Whether the errors have a stream of their own.
  boolean hasErrorStream() {
    return stderr && !tty;
  }
}
