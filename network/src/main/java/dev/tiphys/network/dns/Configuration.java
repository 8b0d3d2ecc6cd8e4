package dev.tiphys.network.dns;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.network.dns.corefile.Corefile;
import dev.tiphys.network.dns.corefile.CorefileException;
import dev.tiphys.network.dns.corefile.Servers;
import dev.tiphys.network.dns.forward.Forwarder;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.records.ClusterNames;
import dev.tiphys.network.dns.records.Zone;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is done about names outside of the cluster, as the ConfigMap says it and the machine's own
/// file of name servers.
///
/// One that cannot be followed changes nothing: the last good one stays in force, and an event says
/// why. When questions come back to this server, other servers are not asked any more until the
/// configuration changes.
///
/// Threads: any.
final class Configuration {

  private static final System.Logger LOG = System.getLogger(Configuration.class.getName());

  /// How soon a change of the machine's own servers is seen.
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final int PROBE_LABELS = 2;

  private final World world;
  private final DnsSettings settings;
  private final ClusterNames names;
  private final DnsMetrics metrics;
  private final EventRecorder events;
  private final Predicate<InetSocketAddress> own;
  private final Object lock = new Object();
  private @Nullable Struct origin; // the ConfigMap that was last looked at; guarded by lock
  private @Nullable Corefile corefile; // guarded by lock
  private @Nullable FileTime seen; // when the machine's file was changed; guarded by lock
  private volatile Routes routes;
  private volatile List<Name> domains = List.of();
  private volatile Name probe = Name.ROOT;
  private volatile boolean loops;
  private volatile long nextLook;

  /// @param own whether an address is one of the cluster's own servers
  Configuration(
      World world,
      DnsSettings settings,
      ClusterNames names,
      DnsMetrics metrics,
      EventRecorder events,
      Predicate<InetSocketAddress> own) {
    this.world = world;
    this.settings = settings;
    this.names = names;
    this.metrics = metrics;
    this.events = events;
    this.own = own;
    this.routes = Routes.none();
    this.nextLook = world.nanoTime();
  }

  /// Follows a ConfigMap.
  void follow(Struct configMap) {
    Map<String, String> data = new HashMap<>();
    configMap.struct("data").forEach((key, value) -> data.put(key, String.valueOf(value)));
    synchronized (lock) {
      Struct before = origin;
      if (before != null && before.struct("data").equals(configMap.struct("data"))) {
        return;
      }
      origin = configMap;
      try {
        Corefile next = Corefile.read(data);
        if (!next.equals(corefile)) { // else what is remembered would be lost
          apply(next);
        }
        if (before != null) {
          events.normal(configMap, "Reloaded", "The configuration of the DNS was reloaded");
        }
        if (!next.passedOver().isEmpty()) {
          LOG.log(
              Level.INFO,
              "directives of the Corefile that mean nothing here: {0}",
              next.passedOver());
        }
      } catch (CorefileException e) {
        metrics.reloadFailed();
        LOG.log(Level.WARNING, "the configuration of the DNS cannot be followed", e);
        events.warning(
            configMap,
            "InvalidCorefile",
            "The last good configuration stays in force: " + e.getMessage());
        if (corefile == null) {
          followDefault();
        }
      }
    }
  }

  /// Follows the configuration that clusters have unless it is said.
  void followDefault() {
    synchronized (lock) {
      if (corefile == null) {
        try {
          apply(Corefile.read(Map.of(Corefile.KEY, DnsObjects.corefile(settings))));
        } catch (CorefileException e) {
          LOG.log(Level.WARNING, "no other name servers are asked", e);
        }
      }
    }
  }

  private void apply(Corefile next) {
    synchronized (lock) {
      seen = changed();
      domains = Servers.domains(settings.resolvConf());
      routes = Routes.of(world, next, own, metrics);
      corefile = next;
      loops = false;
      names.change(new Zone(Name.of(settings.domain()), next.ttl(), next.pods()));
      Routes current = routes;
      world.background().start("dns-loop-probe", () -> probe(current));
    }
  }

  private @Nullable FileTime changed() {
    try {
      return Files.getLastModifiedTime(settings.resolvConf());
    } catch (IOException e) {
      return null; // it is not there
    }
  }

  /// Asks other servers for a name that nobody else asks for: if that question comes here, they ask
  /// us.
  private void probe(Routes asked) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PROBE_LABELS; i++) {
      text.append(Long.toUnsignedString(world.random().nextLong(), 36)).append('.');
    }
    probe = Name.of(text.toString());
    asked.forwarders().forEach(each -> each.probe(probe));
  }

  boolean isProbe(Name name) {
    return name.equals(probe);
  }

  /// A question to other servers has come back.
  void looped() {
    if (!loops) {
      loops = true;
      String message = "The servers that are asked ask this one: they are asked no more";
      LOG.log(Level.WARNING, "the DNS forwards to itself: it asks other servers no more");
      Struct configMap;
      synchronized (lock) {
        configMap = origin;
      }
      if (configMap != null) {
        events.warning(configMap, "ForwardingLoop", message);
      }
    }
  }

  boolean loops() {
    return loops;
  }

  /// The domains where the machine itself looks for names.
  List<Name> domains() {
    return domains;
  }

  /// Who is asked about what now.
  Routes routes() {
    long now = world.nanoTime();
    if (now - nextLook > 0) {
      nextLook = now + LOOK.toNanos();
      world.background().start("dns-look", this::look);
    }
    return routes;
  }

  /// Sees whether the machine has other servers now.
  private void look() {
    synchronized (lock) {
      FileTime now = changed();
      Corefile current = corefile;
      if (current != null && now != null && !now.equals(seen)) {
        apply(current);
      }
    }
  }

  /// How many answers of other servers are remembered.
  int remembered(boolean denials) {
    int sum = 0;
    for (Forwarder each : routes.forwarders()) {
      sum += each.remembered(denials);
    }
    return sum;
  }
}
