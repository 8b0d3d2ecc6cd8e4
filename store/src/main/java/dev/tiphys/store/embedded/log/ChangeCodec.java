package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.log.Change.Compact;
import dev.tiphys.store.embedded.log.Change.Grant;
import dev.tiphys.store.embedded.log.Change.Revoke;
import java.time.Duration;

/// The bytes of a [Change] in the log.
public final class ChangeCodec {

  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int GRANT = 3;
  private static final int REVOKE = 4;
  private static final int COMPACT = 5;

  private ChangeCodec() {}

  public static void write(Change change, ByteWriter into) {
    switch (change) {
      case Change.Set set -> write(set, into);
      case Grant(long lease, Duration life) -> {
        into.tag(GRANT);
        into.number(lease);
        into.number(life.toMillis());
      }
      case Revoke(long lease) -> {
        into.tag(REVOKE);
        into.number(lease);
      }
      case Compact(long revision) -> {
        into.tag(COMPACT);
        into.number(revision);
      }
    }
  }

  private static void write(Change.Set set, ByteWriter into) {
    byte[] value = set.value();
    into.tag(value == null ? DELETE : PUT);
    into.text(set.key());
    into.number(set.cause());
    if (value != null) {
      into.number(set.lease());
      into.bytes(value);
    }
  }

  public static Change read(ByteReader from) {
    return switch (from.tag()) {
      case PUT -> {
        String key = from.text();
        long cause = from.number();
        long lease = from.number();
        yield new Change.Set(key, from.bytes(), lease, cause);
      }
      case DELETE -> new Change.Set(from.text(), null, 0, from.number());
      case GRANT -> new Grant(from.number(), Duration.ofMillis(from.number()));
      case REVOKE -> new Revoke(from.number());
      case COMPACT -> new Compact(from.number());
      default -> throw new IllegalArgumentException("a change of an unknown kind");
    };
  }
}
