package dev.tiphys.network.proxy;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.network.LiveChanges;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.conntrack.Fill;
import dev.tiphys.network.health.HealthChecks;
import dev.tiphys.network.health.Pages;
import dev.tiphys.network.health.ProxyHealth;
import dev.tiphys.network.health.ProxyMetrics;
import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The proxy of one node: follows Services and their endpoints, and has the kernel send connections
/// accordingly.
///
/// What changes is in the kernel as soon as it is known, in one transaction for all that changes
/// together; nothing is done when nothing changes, but for a look every 30 s at whether the rules
/// are still there. What the kernel refuses does not keep the rest from it.
///
/// Threads: any.
public final class Proxy implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(30);

  /// How long a Pod still has for requests that were under way to it when it was let go of.
  private static final Duration UNDER_WAY = Duration.ofMillis(100);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final System.Logger LOG = System.getLogger(Proxy.class.getName());

  private final World world;
  private final ProxySettings settings;
  private final Observed observed;
  private final Terminations terminations;
  private final Switches switches;
  private final Rules rules;
  private final SupervisedTask task;
  private final NetlinkSocket socket;
  private final EventRecorder events;
  private final ProxyHealth health;
  private final ProxyMetrics metrics = new ProxyMetrics();
  private final LiveChanges live = new LiveChanges();
  private final HealthChecks checks;
  private final Pages pages;
  private boolean stale = true;
  private boolean tuned;

  /// A proxy with the usual settings.
  ///
  /// @param api as `system:kube-proxy` sees it
  /// @throws IOException if the kernel cannot be asked
  public Proxy(World world, Api api, NetworkSettings settings) throws IOException {
    this(world, api, ProxySettings.of(settings));
  }

  /// @param api as `system:kube-proxy` sees it
  /// @throws IOException if the kernel cannot be asked
  public Proxy(World world, Api api, ProxySettings settings) throws IOException {
    this.world = world;
    this.settings = settings;
    this.observed = new Observed(world, api, settings.network().node());
    this.terminations = new Terminations(world, observed::slices);
    this.switches = new Switches(world, api, settings.network().node());
    this.socket = settings.network().namespace().open(NetlinkSocket.NETFILTER);
    this.rules = new Rules(settings, observed, socket, metrics);
    this.task = world.supervisor().task("proxy", OnFailure.RESTART);
    this.events = new EventRecorder(world, api, "kube-proxy", settings.network().node());
    this.health = new ProxyHealth(world);
    this.checks = new HealthChecks(world, health, this::checkFailed);
    this.pages = new Pages(health, metrics, live);
  }

  private void checkFailed(ObjectKey key, String reason) {
    Struct service = observed.service(key);
    if (service != null) {
      events.warning(service, "FailedToStartServiceHealthcheck", reason);
    }
  }

  /// What it counts, as its page has it.
  public String metrics() {
    return metrics.page();
  }

  /// Answers for its health and its metrics, for as long as it runs.
  ///
  /// @return where the two are
  /// @throws IOException if no place can be had
  public List<InetSocketAddress> serve(InetSocketAddress healthAt, InetSocketAddress metricsAt)
      throws IOException {
    List<InetSocketAddress> at = pages.listen(world, healthAt, metricsAt);
    switches.healthAt(at.getFirst().getPort());
    return at;
  }

  /// Removes the rules that a proxy left, whichever process it was.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static void clean(NetworkSettings settings) throws IOException {
    try (NetlinkSocket socket = settings.namespace().open(NetlinkSocket.NETFILTER)) {
      Tables.deleteBeginningWith(settings.table("proxy"), socket);
    }
  }

  /// Starts to work, and returns at once.
  public void start() {
    observed.start();
    switches.start();
    task.start(this::run);
  }

  /// Waits until no proxy of the cluster sends new connections to a Pod that is being deleted, and
  /// what it was sent just before has had a moment to be answered. A Pod of no Service is not
  /// waited for.
  ///
  /// @param limit how long proxies are waited for
  /// @return whether that happened before the limit
  public boolean awaitDrained(Struct pod, Duration limit) throws InterruptedException {
    long end = world.nanoTime() + limit.toNanos();
    long revision = terminations.await(Meta.of(pod), limit);
    boolean drained =
        revision >= 0
            && switches.await(revision, Duration.ofNanos(Math.max(0, end - world.nanoTime())));
    if (drained && revision > 0) {
      world.sleep(UNDER_WAY);
    }
    return drained;
  }

  /// The newest revision of EndpointSlices that the rules are as they want; 0 before the first.
  public long served() {
    return terminations.served();
  }

  private void run() throws InterruptedException {
    observed.awaitSynced();
    stale = true;
    Duration pause = FIRST_PAUSE;
    long looked = world.nanoTime();
    while (true) {
      Observed.Changes changes = observed.take();
      health.eligible(observed.isEligible());
      try {
        measured(changes);
        tune();
        pause = FIRST_PAUSE;
        report();
        Map<ObjectKey, HealthChecks.Wanted> wanted = rules.checks();
        if (wanted != null) {
          checks.change(wanted);
        }
        Observed.Revisions now = changes.revisions();
        live.add(now.services(), now.slices(), world.now());
        terminations.served(now.slices());
        if (changes.leaving()) {
          switches.publish(now.slices());
        }
        if (!observed.changed().await(left(looked)) || left(looked).isZero()) {
          look();
          looked = world.nanoTime();
        }
      } catch (IOException e) {
        stale = true;
        health.behind();
        metrics.failed();
        task.problem("the kernel takes no rules of services: " + e.getMessage());
        world.background().sleep(pause);
        pause = pause.multipliedBy(2).compareTo(LOOK) > 0 ? LOOK : pause.multipliedBy(2);
      }
    }
  }

  /// How long it is until the next look.
  private Duration left(long looked) {
    return Duration.ofNanos(Math.max(0, looked + LOOK.toNanos() - world.nanoTime()));
  }

  /// What the kernel has to be told is there once there are rules that need it.
  private void tune() {
    if (!tuned && settings.network().namespace().equals(Namespace.OWN)) {
      settings.tuning().apply();
    }
    tuned = true;
  }

  private void measured(Observed.Changes changes) throws IOException {
    boolean full = stale || changes.everything();
    if (!full && changes.services().isEmpty()) {
      return;
    }
    Observed.Counts objects = changes.objects();
    metrics.queued(objects.services(), objects.slices(), world.now());
    long start = world.nanoTime();
    follow(changes);
    Instant now = world.now();
    metrics.synced(Duration.ofNanos(world.nanoTime() - start), full, now);
    changes.triggers().forEach(trigger -> metrics.programmed(Duration.between(trigger, now)));
    health.updated();
  }

  /// Makes the rules as they are to be.
  private void follow(Observed.Changes changes) throws IOException {
    if (!stale && !changes.everything()) {
      try {
        if (!rules.change(changes.services())) {
          return;
        }
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "the rules of services are made anew, since the kernel refuses a change: {0}",
            e.getMessage());
      }
    }
    // A change is refused as well if another program has changed the table.
    stale = true;
    rules.rebuild();
    stale = false;
  }

  /// Says of each Service that the kernel does not take its rules. It keeps those that it has.
  private void report() {
    StringBuilder problem = new StringBuilder();
    for (Rules.Refusal refusal : rules.refused()) {
      problem.append(problem.isEmpty() ? "the kernel refuses the rules of " : ", ");
      problem.append(refusal.port()).append(" (").append(refusal.reason()).append(')');
      Struct service = observed.service(refusal.service());
      if (service != null) {
        events.warning(
            service,
            "FailedToProgramRules",
            "The kernel refuses the rules of port %s: %s"
                .formatted(refusal.port(), refusal.reason()));
      }
    }
    task.problem(problem.toString());
  }

  /// Looks whether all is well although nothing has changed.
  private void look() throws IOException {
    boolean there = rules.isThere();
    if (!there) {
      LOG.log(
          Level.WARNING, "the rules of services are made anew, since another program changed them");
    }
    stale = !there || !rules.refused().isEmpty();
    Fill fill = Fill.of(socket);
    if (fill.isFull()) {
      LOG.log(
          Level.WARNING,
          "the kernel drops new connections, since its table of connections is full: entries={0}"
              + " most={1}; raise net.netfilter.nf_conntrack_max",
          fill.entries(),
          fill.most());
    }
  }

  /// Ends the proxy. The rules stay, and connections go on.
  @Override
  public void close() {
    task.close();
    pages.close();
    checks.close();
    switches.close();
    events.close();
    observed.close();
    socket.close();
  }
}
