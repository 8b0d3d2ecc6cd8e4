package dev.tiphys.preview;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The spans of time during which something was not as it should be, thing by thing.
///
/// Threads: one.
final class Spans {

  private final Map<String, Struct> open = new LinkedHashMap<>();
  private final Map<String, Duration> since = new LinkedHashMap<>();
  private final List<Struct> closed = new ArrayList<>();

  /// A time since the beginning, as reports have it: `12.5s`.
  static String text(Duration at) {
    return String.format(Locale.ROOT, "%.1fs", at.toMillis() / 1000.0);
  }

  /// Notes how it is with a thing from now on.
  ///
  /// @param wrong what is wrong with it; empty if nothing is
  void note(String name, Struct wrong, Duration at) {
    if (wrong.isEmpty()) {
      end(name, at);
    } else {
      since.putIfAbsent(name, at);
      open.putIfAbsent(name, wrong);
    }
  }

  private void end(String name, Duration at) {
    Duration begin = since.remove(name);
    Struct wrong = open.remove(name);
    if (begin != null && wrong != null && !at.equals(begin)) {
      closed.add(span(wrong, begin).add("to", text(at)).build());
    }
  }

  /// Forgets what has ended; what is still wrong is wrong from the beginning.
  void forget() {
    closed.clear();
    since.replaceAll((_, _) -> Duration.ZERO);
  }

  /// All spans: what was wrong, `from` and `to`; without `to` if it is still so.
  List<Struct> all() {
    List<Struct> all = new ArrayList<>(closed);
    open.forEach(
        (name, wrong) -> all.add(span(wrong, since.getOrDefault(name, Duration.ZERO)).build()));
    return all;
  }

  private static StructBuilder span(Struct wrong, Duration from) {
    return StructBuilder.from(wrong).add("from", text(from));
  }
}
