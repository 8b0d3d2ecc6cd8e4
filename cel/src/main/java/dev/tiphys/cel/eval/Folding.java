package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fold at work: its step is taken for each element of a list or entry of a map, as long as its
/// condition holds.
///
/// @param first the slot of the element or key; with a second, of the index or key
/// @param second the slot of the element or value; negative if there is none
record Folding(
    Step range,
    Step start,
    Step condition,
    Step step,
    Step result,
    int accumulator,
    int first,
    int second)
    implements Step {

  @Override
  public Object value(Frame frame) {
    Object over = range.value(frame);
    frame.assign(accumulator, start.value(frame));
    EvaluationException error =
        switch (over) {
          case List<?> list -> overList(frame, list);
          case MapValue map -> overMap(frame, map);
          default -> throw EvaluationException.noOverload();
        };
    if (error != null) {
      throw error;
    }
    return result.value(frame);
  }

  private @Nullable EvaluationException overList(Frame frame, List<?> list) {
    State state = new State();
    for (int i = 0; i < list.size() && goesOn(frame); i++) {
      frame.assign(first, second < 0 ? list.get(i) : (Object) (long) i);
      if (second >= 0) {
        frame.assign(second, list.get(i));
      }
      advance(frame, state);
    }
    return state.error;
  }

  private @Nullable EvaluationException overMap(Frame frame, MapValue map) {
    State state = new State();
    for (Object key : map.keys()) {
      if (!goesOn(frame)) {
        break;
      }
      frame.assign(first, key);
      Object value = second < 0 ? null : map.find(key);
      if (value != null) {
        frame.assign(second, value);
      }
      advance(frame, state);
    }
    return state.error;
  }

  /// An error that a later element may make up for, as `exists` does.
  private static final class State {
    private @Nullable EvaluationException error;
  }

  private boolean goesOn(Frame frame) {
    return !Boolean.FALSE.equals(condition.value(frame));
  }

  private void advance(Frame frame, State state) {
    try {
      frame.assign(accumulator, step.value(frame));
      if (step instanceof Logic logic && !frame.local(accumulator).equals(logic.decides())) {
        return;
      }
      state.error = null;
    } catch (EvaluationException e) {
      if (!(step instanceof Logic)) {
        throw e;
      }
      state.error = state.error == null ? e : state.error;
    }
  }
}
