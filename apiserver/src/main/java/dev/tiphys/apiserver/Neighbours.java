package dev.tiphys.apiserver;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

/// What other parts of this process have the server answer for them.
///
/// Threads: any.
final class Neighbours {

  private final List<Consumer<Exposition>> metrics = new CopyOnWriteArrayList<>();
  private final List<Function<String, Optional<Struct>>> documents = new CopyOnWriteArrayList<>();
  private final List<BiPredicate<ObjectKey, String>> places = new CopyOnWriteArrayList<>();

  /// Adds what `/metrics` tells, too.
  void add(Consumer<Exposition> more) {
    metrics.add(more);
  }

  /// Adds documents by their paths.
  void answer(Function<String, Optional<Struct>> more) {
    documents.add(more);
  }

  /// Adds addresses (`host:port`) of Services that are no Pod's.
  void reach(BiPredicate<ObjectKey, String> more) {
    places.add(more);
  }

  Optional<Struct> document(String path) {
    return documents.stream().flatMap(each -> each.apply(path).stream()).findFirst();
  }

  boolean isPlace(ObjectKey service, String address) {
    return places.stream().anyMatch(each -> each.test(service, address));
  }

  void write(Exposition out) {
    metrics.forEach(each -> each.accept(out));
  }
}
