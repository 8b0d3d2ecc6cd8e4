package dev.tiphys.cel.eval;

/// A part of an expression that can be evaluated.
///
/// Threads: any; what changes is in the frame.
public interface Step {

  /// @throws dev.tiphys.cel.EvaluationException if there is no value
  /// @throws dev.tiphys.cel.CostException if it costs too much
  Object value(Frame frame);
}
