package dev.tiphys.object.merge;

import java.util.List;
import java.util.stream.Collectors;

/// A value does not have the form that its schema gives it, so that it can't be merged. The message
/// names every place.
public final class MergeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MergeException(List<String> problems) {
    super(
        problems.size() == 1
            ? problems.getFirst()
            : problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", "errors:", "")));
  }

  MergeException(String path, String problem) {
    this(List.of(path.isEmpty() ? problem : path + ": " + problem));
  }
}
