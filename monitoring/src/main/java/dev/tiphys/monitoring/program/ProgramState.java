package dev.tiphys.monitoring.program;

/// How a program stands.
///
/// @param ready whether it answers
/// @param problem why it has ended, if it has, and is to be started again; empty otherwise
public record ProgramState(boolean ready, String problem) {

  static final ProgramState STARTING = new ProgramState(false, "");
  static final ProgramState READY = new ProgramState(true, "");

  static ProgramState ended(String problem) {
    return new ProgramState(false, problem);
  }
}
