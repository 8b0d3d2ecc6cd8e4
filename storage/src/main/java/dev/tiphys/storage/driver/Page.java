package dev.tiphys.storage.driver;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import java.util.List;
import java.util.function.Function;

/// A part of a list. Where the next one begins is told by its first id, which stays right when
/// others come and go.
record Page<T>(List<T> entries, String next) {

  Page {
    entries = List.copyOf(entries);
  }

  /// @param sorted by their ids
  /// @param most entries; 0 for all
  static <T> Page<T> of(List<T> sorted, Function<T, String> idOf, String token, int most) {
    if (most < 0) {
      throw new GrpcException(GrpcStatus.INVALID_ARGUMENT, "max entries must not be negative");
    }
    if (!token.isEmpty() && sorted.stream().noneMatch(each -> idOf.apply(each).equals(token))) {
      throw new GrpcException(GrpcStatus.ABORTED, "no page begins with %s".formatted(token));
    }
    List<T> rest = sorted.stream().filter(each -> idOf.apply(each).compareTo(token) >= 0).toList();
    return most == 0 || rest.size() <= most
        ? new Page<>(rest, "")
        : new Page<>(rest.subList(0, most), idOf.apply(rest.get(most)));
  }
}
