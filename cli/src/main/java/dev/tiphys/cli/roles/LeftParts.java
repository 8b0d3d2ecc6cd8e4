package dev.tiphys.cli.roles;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which parts do nothing since another program does their work, as JSON under `/left-to-others`.
///
/// Threads: any.
public final class LeftParts implements Function<String, Optional<Struct>> {

  /// Where it is told.
  public static final String PATH = "/left-to-others";

  private final Map<String, Supplier<String>> parts = new ConcurrentSkipListMap<>();

  /// Adds a part.
  ///
  /// @param leftTo which program does its work now; empty if it does it itself
  public void add(String part, Supplier<String> leftTo) {
    parts.put(part, leftTo);
  }

  /// Absent if it is the path of another document.
  @Override
  public Optional<Struct> apply(String path) {
    if (!path.equals(PATH)) {
      return Optional.empty();
    }
    List<Struct> left = new ArrayList<>();
    parts.forEach(
        (part, leftTo) -> {
          String program = leftTo.get();
          if (!program.isEmpty()) {
            left.add(Struct.of("part", part, "to", program));
          }
        });
    return Optional.of(Struct.of("parts", List.copyOf(left)));
  }
}
