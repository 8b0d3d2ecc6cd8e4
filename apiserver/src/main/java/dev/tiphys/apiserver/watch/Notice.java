package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.client.WatchEvent;
import org.jspecify.annotations.Nullable;

/// What a watcher is told: of one object, or that it has now been told of all objects that existed.
/// Shared by all watchers that are told the same.
///
/// Threads: any.
public final class Notice {

  private final WatchEvent.Type type;
  private final long revision;
  private final @Nullable Stored state;
  private volatile @Nullable Frame frame;

  /// The notice as it is sent for one endpoint.
  @SuppressWarnings("ArrayRecordComponent") // a cache's entry, never compared
  private record Frame(Endpoint endpoint, byte[] bytes) {}

  /// How a notice of an object is written for an endpoint.
  public interface Encoder {
    byte[] encode(WatchEvent.Type type, Stored state, Endpoint endpoint);
  }

  /// @param state the object then; the last state of a deleted one
  Notice(WatchEvent.Type type, Stored state) {
    this.type = type;
    this.revision = state.revision();
    this.state = state;
  }

  private Notice(long revision) {
    this.type = WatchEvent.Type.BOOKMARK;
    this.revision = revision;
    this.state = null;
  }

  /// All objects that existed at `revision` have been told of.
  static Notice initialEnd(long revision) {
    return new Notice(revision);
  }

  public WatchEvent.Type type() {
    return type;
  }

  /// The revision that the notice brings the watcher to.
  public long revision() {
    return revision;
  }

  /// The object then, or the last state of a deleted one; null if the notice is of no object.
  public @Nullable Stored state() {
    return state;
  }

  /// A notice of an object as `encoder` writes it, made once for all watchers of an endpoint.
  ///
  /// @param encoder always the same one
  public byte[] frame(Stored of, Endpoint endpoint, Encoder encoder) {
    Frame known = frame;
    if (known == null || known.endpoint != endpoint) {
      known = new Frame(endpoint, encoder.encode(type, of, endpoint));
      frame = known;
    }
    return known.bytes;
  }
}
