package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Endpoint;
import dev.tiphys.apiserver.registry.Stored;
import dev.tiphys.client.WatchEvent;
import org.jspecify.annotations.Nullable;

/// What a subscriber is told of one object. Shared by all who are told the same.
///
/// Threads: any.
public final class Notice {

  private final WatchEvent.Type type;
  private final Stored state;
  private volatile @Nullable Frame frame;

  /// The notice as it is sent for one endpoint.
  @SuppressWarnings("ArrayRecordComponent") // a cache's entry, never compared
  private record Frame(Endpoint endpoint, byte[] bytes) {}

  /// How a notice is written for an endpoint.
  public interface Encoder {
    byte[] encode(Notice notice, Endpoint endpoint);
  }

  public Notice(WatchEvent.Type type, Stored state) {
    this.type = type;
    this.state = state;
  }

  public WatchEvent.Type type() {
    return type;
  }

  /// The object then; the last state of a deleted one.
  public Stored state() {
    return state;
  }

  /// The notice as `encoder` writes it, made once for all subscribers of an endpoint.
  ///
  /// @param encoder always the same one
  public byte[] frame(Endpoint endpoint, Encoder encoder) {
    Frame known = frame;
    if (known == null || known.endpoint != endpoint) {
      known = new Frame(endpoint, encoder.encode(this, endpoint));
      frame = known;
    }
    return known.bytes;
  }
}
