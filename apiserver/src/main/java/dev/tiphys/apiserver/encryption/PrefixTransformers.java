package dev.tiphys.apiserver.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Several transformers, each with what its bytes begin with: the first one writes, and whichever
/// can reads. What another than the first one reads is stale.
///
/// Threads: any.
final class PrefixTransformers implements Transformer {

  private final String resource;
  private final String unknown;
  private final List<Prefixed> all;
  private final EncryptionMetrics metrics;

  /// @param prefix what its bytes begin with; empty for plain ones
  record Prefixed(String prefix, Transformer transformer) {}

  /// @param resource whose objects these are, as metrics name it
  /// @param unknown what is wrong with bytes that begin otherwise
  PrefixTransformers(
      String resource, String unknown, List<Prefixed> all, EncryptionMetrics metrics) {
    this.resource = resource;
    this.unknown = unknown;
    this.all = List.copyOf(all);
    this.metrics = metrics;
  }

  @Override
  public byte[] toStorage(byte[] plain, String key) {
    Prefixed first = all.getFirst();
    byte[] prefix = first.prefix.getBytes(UTF_8);
    byte[] made =
        metrics.measure(
            resource,
            EncryptionMetrics.Direction.TO_STORAGE,
            first.prefix,
            () -> first.transformer.toStorage(plain, key));
    byte[] stored = Arrays.copyOf(prefix, prefix.length + made.length);
    System.arraycopy(made, 0, stored, prefix.length, made.length);
    return stored;
  }

  @Override
  public Plain fromStorage(byte[] stored, String key) {
    List<TransformException> failures = new ArrayList<>(0);
    for (int i = 0; i < all.size(); i++) {
      Prefixed each = all.get(i);
      byte[] prefix = each.prefix.getBytes(UTF_8);
      if (Identity.startsWith(stored, prefix)) {
        try {
          Plain read = read(each, Arrays.copyOfRange(stored, prefix.length, stored.length), key);
          return new Plain(read.bytes(), read.stale() || i > 0);
        } catch (TransformException e) {
          // another one may have the same prefix and the right key; that plain text is encrypted
          // says nothing
          if (prefix.length > 0) {
            failures.add(e);
          }
        }
      }
    }
    throw failure(failures);
  }

  private Plain read(Prefixed each, byte[] stored, String key) {
    if (each.prefix.isEmpty()) {
      each.transformer.fromStorage(stored, key); // what fails here is not counted
    }
    return metrics.measure(
        resource,
        EncryptionMetrics.Direction.FROM_STORAGE,
        each.prefix.isEmpty() ? "identity" : each.prefix,
        () -> each.transformer.fromStorage(stored, key));
  }

  private TransformException failure(List<TransformException> failures) {
    if (failures.isEmpty()) {
      TransformException none = new TransformException(unknown);
      metrics.failed(resource, EncryptionMetrics.Direction.FROM_STORAGE, "unknown", none);
      return none;
    }
    if (failures.size() == 1) {
      return failures.getFirst();
    }
    Set<String> texts = new LinkedHashSet<>();
    failures.forEach(each -> texts.add(String.valueOf(each.getMessage())));
    return new TransformException(
        texts.size() == 1 ? texts.iterator().next() : "[" + String.join(", ", texts) + "]",
        failures.getLast());
  }

  @Override
  public boolean mayWait() {
    return all.stream().anyMatch(each -> each.transformer.mayWait());
  }
}
