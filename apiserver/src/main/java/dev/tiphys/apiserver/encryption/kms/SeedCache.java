package dev.tiphys.apiserver.encryption.kms;

import dev.tiphys.apiserver.encryption.Transformer;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedObject;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What a plugin has decrypted lately: about one seed for each of its keys and each start of a
/// server.
///
/// Threads: any.
final class SeedCache {

  private static final Duration LIFE = Duration.ofHours(24);

  private final World world;
  private final IntConsumer onSize;
  private final Map<EncryptedObject, Kept> known = new ConcurrentHashMap<>();

  private record Kept(Transformer transformer, long since) {}

  /// @param onSize told how many there are
  SeedCache(World world, IntConsumer onSize) {
    this.world = world;
    this.onSize = onSize;
  }

  /// The transformer with the seed that belongs to an object; null if it is not known.
  @Nullable Transformer find(EncryptedObject object) {
    Kept kept = known.get(head(object));
    return kept == null || isOver(kept) ? null : kept.transformer;
  }

  void put(EncryptedObject object, Transformer transformer) {
    known.values().removeIf(this::isOver);
    known.put(head(object), new Kept(transformer, world.nanoTime()));
    onSize.accept(known.size());
  }

  private boolean isOver(Kept kept) {
    return world.nanoTime() - kept.since > LIFE.toNanos();
  }

  private static EncryptedObject head(EncryptedObject object) {
    return object.toBuilder().clearEncryptedData().build();
  }
}
