package dev.tiphys.apiserver.request;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/// Where the time of a request goes, in nanoseconds.
///
/// Threads: one, the request's own.
public final class Latencies {

  private final Map<Layer, Long> spans = new EnumMap<>(Layer.class);

  /// What takes time.
  public enum Layer {
    APF_QUEUE_WAIT("apf-queue-wait"),
    AUTHENTICATION("authentication"),
    AUTHORIZATION("authorization"),
    IMPERSONATION("impersonation"),
    MUTATING_WEBHOOK("mutating-webhook"),
    VALIDATING_WEBHOOK("validating-webhook");

    private final String word;

    Layer(String word) {
      this.word = word;
    }

    /// As the audit log names it.
    public String word() {
      return word;
    }
  }

  /// Adds to what a layer has taken.
  public void add(Layer layer, long span) {
    spans.merge(layer, span, Long::sum);
  }

  /// Adds what others say.
  public void addAll(Latencies others) {
    others.spans.forEach(this::add);
  }

  /// Tells of each layer that took any time.
  public void forEach(ObjLongConsumer<Layer> told) {
    spans.forEach(
        (layer, span) -> {
          if (span > 0) {
            told.accept(layer, span);
          }
        });
  }
}
