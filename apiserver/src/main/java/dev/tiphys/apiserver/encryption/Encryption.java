package dev.tiphys.apiserver.encryption;

import dev.tiphys.apiserver.http.Health;
import dev.tiphys.metrics.Exposition;
import java.util.function.Supplier;

/// How objects are encrypted in the store.
///
/// Threads: any.
public interface Encryption extends AutoCloseable {

  /// Everything is stored as it is.
  Encryption NONE = (_, _) -> Transformer.PLAIN;

  /// How a resource is stored at the moment. As long as that is the same instance, nothing has
  /// changed.
  ///
  /// @param group the API group under which it is stored
  Transformer transformer(String group, String resource);

  /// The same for one resource, to be asked for each object.
  default Supplier<Transformer> of(String group, String resource) {
    return () -> transformer(group, resource);
  }

  /// Has the health of the server include that of what encryption needs.
  default void addTo(Health health) {}

  /// Writes what `/metrics` tells.
  default void write(Exposition out) {}

  @Override
  default void close() {}
}
