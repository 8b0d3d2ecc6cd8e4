package dev.tiphys.apiserver.encryption;

import dev.tiphys.apiserver.http.Health;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Encryption as a file says, which may be followed while the server runs.
///
/// Threads: any.
public final class ConfiguredEncryption implements Encryption {

  private static final System.Logger LOG = System.getLogger(ConfiguredEncryption.class.getName());
  private static final String HEALTH = "kms-providers";

  /// How often a file is looked at.
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /// How long new plugins may take to be well.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final World world;
  private final EncryptionMetrics metrics;
  private final Path file;
  private final @Nullable SupervisedTask following;
  private volatile KeyRing ring;

  /// @param server which server this is, as metrics tell
  /// @param reloads whether to follow the file while the server runs
  /// @throws IllegalArgumentException if the file can't be used; the message says why
  public ConfiguredEncryption(World world, String server, Path file, boolean reloads) {
    this.world = world;
    this.metrics = new EncryptionMetrics(world, server);
    this.file = file;
    EncryptionConfiguration configuration = EncryptionConfiguration.read(file, reloads);
    this.ring = new KeyRing(configuration, world, metrics);
    metrics.started(configuration.hash());
    this.following = reloads ? world.supervisor().start("encryption-config", this::follow) : null;
  }

  @Override
  public Transformer transformer(String group, String resource) {
    return ring.of(group, resource);
  }

  @Override
  public Supplier<Transformer> of(String group, String resource) {
    return new OfResource(group, resource);
  }

  /// What there is for a resource, looked up once for each configuration.
  private final class OfResource implements Supplier<Transformer> {

    private final String group;
    private final String resource;
    private volatile Found found;

    OfResource(String group, String resource) {
      this.group = group;
      this.resource = resource;
      this.found = find(ring);
    }

    private Found find(KeyRing by) {
      return new Found(by, by.of(group, resource));
    }

    @Override
    public Transformer get() {
      Found known = found;
      KeyRing present = ring;
      if (known.ring != present) {
        known = find(present);
        found = known;
      }
      return known.transformer;
    }
  }

  private record Found(KeyRing ring, Transformer transformer) {}

  private void follow() throws InterruptedException {
    while (true) {
      world.background().sleep(PERIOD);
      reload();
    }
  }

  /// Goes by what the file says now. One that can't be used, or whose plugins are not well, changes
  /// nothing.
  void reload() throws InterruptedException {
    KeyRing before = ring;
    try {
      if (before.configuration().isIn(file)) {
        return;
      }
      KeyRing next = new KeyRing(EncryptionConfiguration.read(file, true), world, metrics);
      requireHealth(next);
      ring = next;
      metrics.reloaded(next.configuration().hash());
      LOG.log(Level.INFO, "the encryption of objects has changed: file={0}", file);
    } catch (IllegalArgumentException e) {
      metrics.reloaded(null);
      LOG.log(
          Level.WARNING,
          "the encryption of objects stays as it is: file={0} error={1}",
          file,
          e.getMessage());
      return;
    }
    // calls under way may still use the plugins
    world.background().sleep(before.configuration().timeouts().multipliedBy(2));
    before.close();
  }

  private void requireHealth(KeyRing next) throws InterruptedException {
    long end = world.nanoTime() + PATIENCE.toNanos();
    String problem = next.problem();
    while (!problem.isEmpty() && world.nanoTime() < end) {
      world.background().sleep(PAUSE);
      problem = next.problem();
    }
    if (!problem.isEmpty()) {
      next.close();
      throw new IllegalArgumentException(
          "health check for new transformers failed, polling error timed out waiting for the"
              + " condition: "
              + problem);
    }
  }

  @Override
  public void addTo(Health health) {
    if (following != null || ring.configuration().usesKms()) {
      health.checkBeyondLife(HEALTH, () -> ring.problem().isEmpty());
    }
  }

  @Override
  public void write(Exposition out) {
    metrics.write(out);
  }

  @Override
  public void close() {
    if (following != null) {
      following.close();
    }
    ring.close();
  }
}
