package dev.tiphys.apiserver.audit;

import dev.tiphys.apiserver.audit.AuditPolicy.Recording;
import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Records requests.
///
/// Threads: any.
public final class Auditor implements AutoCloseable {

  /// Records nothing, at no cost.
  public static final Auditor OFF = new Auditor(null);

  private static final List<String> HERE = List.of("127.0.0.1");

  private final @Nullable Parts parts;

  private record Parts(World world, AuditPolicy policy, Backend backend, AuditMetrics metrics) {}

  private Auditor(@Nullable Parts parts) {
    this.parts = parts;
  }

  /// @param backend where events go; closed with the auditor
  /// @param metrics which the backend counts with as well
  public Auditor(World world, AuditPolicy policy, Backend backend, AuditMetrics metrics) {
    this(new Parts(world, policy, backend, metrics));
  }

  /// Begins the trail of a request.
  ///
  /// @param arrival what is known of it; asked only if anything is recorded at all
  public Trail begin(Supplier<Arrival> arrival) {
    return parts == null ? Trail.OFF : new Trail(this, arrival.get());
  }

  /// Begins the trail of a request of a part of the cluster in this process.
  ///
  /// @param uri what is asked for; asked only if anything is recorded at all
  /// @param agent the program that the part is of
  public Trail beginHere(Supplier<String> uri, String agent) {
    return parts == null
        ? Trail.OFF
        : new Trail(
            this,
            new Arrival(
                ObjectNames.uid(parts.world.random()), uri.get(), agent, HERE, parts.world.now()));
  }

  /// What is known of a request when it arrives.
  ///
  /// @param id tells it from all others
  /// @param uri what was asked for, with the query
  /// @param agent the program that asks
  /// @param addresses where it comes from, the first sender first
  public record Arrival(String id, String uri, String agent, List<String> addresses, Instant time) {
    public Arrival {
      addresses = List.copyOf(addresses);
    }
  }

  private Parts parts() {
    if (parts == null) {
      throw new IllegalStateException("nothing is recorded");
    }
    return parts;
  }

  AuditPolicy policy() {
    return parts().policy;
  }

  void decided(Recording recording) {
    parts().metrics.decided(recording.level());
  }

  Instant now() {
    return parts().world.now();
  }

  long nanoTime() {
    return parts().world.nanoTime();
  }

  void rejected() {
    parts().metrics.rejected();
  }

  boolean process(AuditEvent event) {
    parts().metrics.made();
    return parts().backend.process(List.of(event));
  }

  /// Writes what `/metrics` tells.
  public void write(Exposition out) {
    if (parts != null) {
      parts.metrics.write(out);
    }
  }

  @Override
  public void close() {
    if (parts != null) {
      parts.backend.close();
    }
  }
}
